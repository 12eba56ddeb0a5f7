using System.Text.Json;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.S3;

/// <summary>
/// What a role's temporary credentials may still do (AWS STS, "session policies"): read and list this bucket below the prefixes. Takes
/// rights away and never gives any, whatever the role itself allows.
/// </summary>
internal static class SessionPolicy
{
    /// <summary>Longest policy that STS takes, in characters.</summary>
    public const int MaxLength = 2048;

    public static string For(ConnectionOptions options)
    {
        var bucket = $"arn:{Partition(options)}:s3:::{options.Bucket}";
        var prefixes = options.Prefixes.Select(Literal).DefaultIfEmpty("").ToList();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("Version", "2012-10-17");
            json.WriteStartArray("Statement");
            Statement(json, ["s3:GetObject", "s3:GetObjectVersion"], [.. prefixes.Select(p => $"{bucket}/{p}*")]);
            json.WriteEndObject();
            Statement(json, ["s3:ListBucket"], [bucket]);
            if (options.Prefixes.Count > 0)
            {
                json.WriteStartObject("Condition");
                json.WriteStartObject("StringLike");
                Strings(json, "s3:prefix", [.. prefixes.Select(p => $"{p}*")]);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            // Objects under SSE-KMS need the key too; which key is the role's own business. Other stores do not know the action.
            if (options.Endpoint is null)
            {
                Statement(json, ["kms:Decrypt"], ["*"]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    // China and GovCloud are partitions of their own; the role's name says which.
    private static string Partition(ConnectionOptions options) => options.RoleArn?.Split(':') is [_, { Length: > 0 } partition, ..] ? partition : "aws";

    // In a policy * and ? stand for anything; as variables they stand for themselves.
    private static string Literal(string prefix) => prefix.Replace("$", "${$}", StringComparison.Ordinal).Replace("*", "${*}", StringComparison.Ordinal).Replace("?", "${?}", StringComparison.Ordinal);

    private static void Statement(Utf8JsonWriter json, string[] actions, string[] resources)
    {
        json.WriteStartObject();
        json.WriteString("Effect", "Allow");
        Strings(json, "Action", actions);
        Strings(json, "Resource", resources);
    }

    private static void Strings(Utf8JsonWriter json, string name, string[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
