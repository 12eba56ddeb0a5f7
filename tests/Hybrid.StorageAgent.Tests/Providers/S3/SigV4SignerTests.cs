using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.S3;

/// <summary>AWS's published cases. A signature is over the whole canonical request, so an equal signature is an equal request, byte for byte.</summary>
public sealed class SigV4SignerTests
{
    [Fact]
    public void Presign_OfEveryS3Case_IsTheSameUrlByteForByte()
    {
        using var cases = Read("aws-sigv4/s3-presign.json");
        var signers = new Dictionary<string, SigV4Signer>(StringComparer.Ordinal);
        // Twice, so that the second round signs by derived keys that are cached.
        foreach (var c in cases.RootElement.EnumerateArray().Concat(cases.RootElement.EnumerateArray()))
        {
            var region = Text(c, "region");
            if (!signers.TryGetValue(region, out var signer)) signers.Add(region, signer = new SigV4Signer(region));
            var credentials = new S3Credentials(Text(c, "accessKeyId"), Text(c, "secretAccessKey"), c.GetProperty("sessionToken").GetString());
            var at = DateTimeOffset.ParseExact(Text(c, "date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var url = signer.Presign(
                credentials, Text(c, "method"), "https", Text(c, "host"), Text(c, "path"), Pairs(c.GetProperty("query")), Pairs(c.GetProperty("headers")), c.GetProperty("expiresSeconds").GetInt32(), at);
            Assert.Equal(Text(c, "url"), url);
        }

        Assert.Equal(8, cases.RootElement.GetArrayLength());
    }

    [Fact]
    public void Presign_OfEveryGeneralCase_HasTheSameSignature()
    {
        using var cases = Read("aws-sigv4/sigv4.json");
        var byName = cases.RootElement.EnumerateArray().ToDictionary(c => Text(c, "name"), StringComparer.Ordinal);
        foreach (var (name, c) in byName)
        {
            // S3 never normalizes a path, since a key may hold dot segments and double slashes: those four cases must come out as their
            // unnormalized twins, which the file holds too.
            var twin = name.Replace("-normalized", "-unnormalized", StringComparison.Ordinal);
            var expected = byName.GetValueOrDefault(twin, c);
            Assert.Equal((name, Text(expected, "querySignature")), (name, Signature(c)));
        }

        Assert.Equal(25, byName.Count);
    }

    [Fact]
    public void Presign_WhenAnyInputDiffers_HasAnotherSignature()
    {
        var signer = new SigV4Signer("r");
        var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var me = new S3Credentials("A", "S");
        string Sign(S3Credentials? by = null, string path = "/b/k", string secret = "x-1", int seconds = 60, DateTimeOffset? when = null, string method = "GET") =>
            signer.Presign(by ?? me, method, "https", "h", path, [], [new("content-language", secret)], seconds, when ?? at)[^64..];

        string[] all =
        [
            Sign(), Sign(me with { SecretKey = "T" }), Sign(me with { SessionToken = "t" }), Sign(path: "/b/l"), Sign(secret: "x-2"), Sign(seconds: 61), Sign(when: at.AddSeconds(1)),
            Sign(when: at.AddDays(1)), Sign(method: "HEAD"),
        ];

        Assert.Distinct(all);
        Assert.Equal(all[0], Sign());
    }

    private static string Signature(JsonElement c)
    {
        var context = c.GetProperty("context");
        var given = context.GetProperty("credentials");
        var token = given.TryGetProperty("token", out var t) ? t.GetString() : null;
        var (head, body) = Text(c, "request").Split("\n\n", 2) is [var h, var b] ? (h, b) : (Text(c, "request"), "");
        var lines = head.TrimEnd('\n').Split('\n');
        var (method, target) = (lines[0][..lines[0].IndexOf(' ')], lines[0][(lines[0].IndexOf(' ') + 1)..lines[0].LastIndexOf(' ')]);
        var (path, query) = target.Split('?', 2) is [var p, var q] ? (p, q) : (target, "");
        var headers = lines[1..].Select(l => l.Split(':', 2)).Select(l => new KeyValuePair<string, string>(l[0], l[1])).ToList();
        var host = headers.Single(x => x.Key == "Host").Value;
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split('=', 2)).Select(x => new KeyValuePair<string, string>(Uri.UnescapeDataString(x[0]), Uri.UnescapeDataString(x[1])));
        var url = new SigV4Signer(Text(context, "region"), Text(context, "service")).Presign(
            new S3Credentials(Text(given, "access_key_id"), Text(given, "secret_access_key"), token), method, "https", host, path, parameters,
            headers.Where(x => x.Key != "Host"), context.GetProperty("expiration_in_seconds").GetInt32(), context.GetProperty("timestamp").GetDateTimeOffset(),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
        return url[^64..];
    }

    private static JsonDocument Read(string path) => JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector(path)));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement element) =>
        element.EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.GetString()!));
}
