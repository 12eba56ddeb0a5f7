using Xunit;

namespace Hybrid.Testing;

/// <summary>The Ceph RADOS gateway of the test run: a real S3 endpoint.</summary>
/// <param name="Endpoint">Its address.</param>
/// <param name="AccessKey">Key of the user who owns buckets.</param>
/// <param name="SecretKey">Its secret.</param>
public sealed record RgwServer(Uri Endpoint, string AccessKey, string SecretKey)
{
    /// <summary>The server that the run started; skips the test where there is none.</summary>
    public static RgwServer Get()
    {
        var file = Environment.GetEnvironmentVariable("HYBRID_TEST_RGW") ?? "";
        if (file.Length == 0) Assert.Skip("No Ceph RGW: run infra/test.sh without --quick.");
        var values = File.ReadLines(file).Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return new RgwServer(new Uri(values["S3_ENDPOINT"]), values["S3_OWNER_ACCESS_KEY"], values["S3_OWNER_SECRET_KEY"]);
    }
}
