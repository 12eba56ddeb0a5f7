using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Checks;

/// <summary>Whether a store lets the workspace's pages read its answers (Fetch standard, § 3.2), and the exact document that would.</summary>
internal static class BucketCors
{
    /// <summary>Headers that the workspace reads: for ranges, for what it shows of an object, and to see that one changed.</summary>
    private static readonly string[] Needed = ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"];

    /// <summary>What the answer to a request of this origin lacks, in words; empty for nothing.</summary>
    public static IReadOnlyList<string> Missing(HttpResponseMessage answer, string origin)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (!Values(answer, "Access-Control-Allow-Origin").Any(v => v == "*" || v == origin)) return [$"it does not admit {origin}"];
        var exposed = Values(answer, "Access-Control-Expose-Headers").ToHashSet(StringComparer.OrdinalIgnoreCase);
        // No credentials travel, so a star means every header. Content-Length is always readable.
        return exposed.Contains("*") ? [] : [.. Needed.Where(h => h != "Content-Length" && !exposed.Contains(h)).Select(h => $"it does not expose {h}")];
    }

    /// <summary>What to apply, as the store's own tools take it.</summary>
    public static string Mend(ConnectionOptions connection, string origin)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var headers = string.Join("\",\"", Needed);
        return connection.Provider switch
        {
            "azure-blob" => $"az storage cors add --account-name {connection.Account} --services b --methods GET HEAD --origins {origin} --allowed-headers '' --exposed-headers '{string.Join(' ', Needed)}' --max-age 600",
            "gcs" => $$"""gcloud storage buckets update gs://{{connection.Bucket}} --cors-file=FILE, with [{"origin":["{{origin}}"],"method":["GET","HEAD"],"responseHeader":["{{headers}}"],"maxAgeSeconds":600}] in FILE""",
            _ => $$"""aws s3api put-bucket-cors --bucket {{connection.Bucket}} --cors-configuration '{"CORSRules":[{"AllowedOrigins":["{{origin}}"],"AllowedMethods":["GET","HEAD"],"ExposeHeaders":["{{headers}}"],"MaxAgeSeconds":600}]}'""",
        };
    }

    private static IEnumerable<string> Values(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : [];
}
