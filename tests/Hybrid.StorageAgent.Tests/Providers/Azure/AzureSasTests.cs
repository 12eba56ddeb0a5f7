using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Azure;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.Azure;

/// <summary>What Azurite cannot prove: the signed header, the address, the life of the delegation key. Each is in the string-to-sign, byte for byte.</summary>
public sealed class AzureSasTests : IDisposable
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly KeyService keys;

    public AzureSasTests() => keys = new KeyService(clock);

    public void Dispose() => keys.Dispose();

    [Fact]
    public async Task Signature_OfAUrlBoundToItsHeader_IsThatOfMicrosoftsOtherLibrary()
    {
        // Made by @azure/storage-blob 12.34.0 for the same key and values, with the second header that only this case has.
        const string Theirs = "KocRrEzXKxqTZFkjUmwroK549hQoTaq77t5AcBjvJWI=";
        var text = Text("scans/in/a b+ü.png", "Content-Language:x-abc\nX-Two:b c\n", "", "oid", "tid", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-04-06", "image/png", expiry: "2026-03-01T12:01:00Z", account: "acct");
        Assert.Equal(Theirs, Sign(text, new byte[32]));

        using var provider = Provider();
        var signed = await SignAsync(provider, new ObjectReference("c", "in/a b+ü.png", null));

        var query = HttpUtility.ParseQueryString(new Uri(signed.Url).Query);
        Assert.Equal("Content-Language", query["srh"]);
        Assert.Equal(Sign(Text("scans/in/a b+ü.png", "Content-Language:x-secret\n", "", "oid-1", "tid-1", query["skt"]!, query["ske"]!, query["skv"]!, "image/png"), keys.Value(1)), query["sig"]);
        Assert.Equal(("r", "b", "no-store", "image/png", "https", "2026-03-01T12:01:00Z"), (query["sp"], query["sr"], query["rscc"], query["rsct"], query["spr"], query["se"]));
        Assert.True(string.CompareOrdinal(query["sv"], "2026-04-06") >= 0);
        Assert.StartsWith("https://hospital.blob.core.windows.net/scans/in/a%20b%2B%C3%BC.png?", signed.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("x-secret", signed.Url, StringComparison.Ordinal);
        Assert.Empty(provider.Weaknesses);
    }

    [Fact]
    public async Task Signature_WithAddressAndVersion_CoversThem()
    {
        using var provider = Provider(o => o.SignedIp = "203.0.113.0-203.0.113.255");

        var signed = await SignAsync(provider, new ObjectReference("c", "a.png", "2026-01-01T00:00:00.0000000Z"));

        var query = HttpUtility.ParseQueryString(new Uri(signed.Url).Query);
        Assert.Equal(("203.0.113.0-203.0.113.255", "bv", "2026-01-01T00:00:00.0000000Z"), (query["sip"], query["sr"], query["versionid"]));
        var text = Text("scans/a.png", "Content-Language:x-secret\n", "203.0.113.0-203.0.113.255", "oid-1", "tid-1", query["skt"]!, query["ske"]!, query["skv"]!, "image/png", "bv", "2026-01-01T00:00:00.0000000Z");
        Assert.Equal(Sign(text, keys.Value(1)), query["sig"]);
    }

    [Fact]
    public async Task DelegationKey_IsFetchedOnceAndRenewedAtHalfItsLife()
    {
        using var provider = Provider();
        for (var hour = 0; hour < 12; hour++)
        {
            Assert.Contains("skoid=oid-1&", (await SignAsync(provider)).Url, StringComparison.Ordinal);
            clock.Advance(TimeSpan.FromMinutes(59));
        }

        Assert.Equal(1, keys.Given);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Contains("skoid=oid-2&", (await SignAsync(provider)).Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DelegationKey_WhenItsRenewalFails_ServesUntilItLapses_AndUrlsAreCutToIt()
    {
        using var provider = Provider();
        await SignAsync(provider);
        keys.Refuses = true;

        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(20));
        var cut = await SignAsync(provider);
        Assert.Equal((new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), true), (cut.ExpiresAt, cut.CutToCredentials));

        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("storage.forbidden", (await Assert.ThrowsAsync<StorageException>(async () => await SignAsync(provider))).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Url_ThatIsNotBound_LivesAMinuteAtMostAndIsSaidToBeWeaker(bool accountKey)
    {
        using var provider = Provider(o => (o.SignedHeaders, o.AccountKey) = (false, accountKey ? Convert.ToBase64String(new byte[64]) : null));

        var signed = await SignAsync(provider, lifetime: TimeSpan.FromHours(1));

        Assert.Equal(clock.GetUtcNow().AddSeconds(60), signed.ExpiresAt);
        Assert.DoesNotContain("srh", signed.Url, StringComparison.Ordinal);
        Assert.Equal([UrlWeakness.HeaderUnbound], provider.Weaknesses.Select(w => w.Code));
    }

    private static ValueTask<SignedUrl> SignAsync(AzureBlobProvider provider, ObjectReference? reference = null, TimeSpan? lifetime = null) =>
        provider.SignAsync(reference ?? new ObjectReference("c", "a.png", null), "x-secret", "image/png", lifetime ?? TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    // Microsoft, "Create a user delegation SAS", version 2026-04-06 and later.
    private static string Text(
        string name, string headers, string ip, string oid, string tid, string start, string end, string keyVersion, string type, string resource = "b", string time = "",
        string expiry = "2026-03-01T12:01:00Z", string account = "hospital") =>
        $"r\n\n{expiry}\n/blob/{account}/{name}\n{oid}\n{tid}\n{start}\n{end}\nb\n{keyVersion}\n\n\n\n\n\n{ip}\nhttps\n{Version}\n{resource}\n{time}\n\n{headers}\n\nno-store\n\n\n\n{type}";

    private const string Version = "2026-10-06";

    private static string Sign(string text, byte[] key) => Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private AzureBlobProvider Provider(Action<ConnectionOptions>? change = null)
    {
        var options = new ConnectionOptions { Name = "c", Provider = "azure-blob", Account = "hospital", Container = "scans" };
        change?.Invoke(options);
        return new AzureBlobProvider(options, clock, new AzureToken(), keys);
    }

    /// <summary>Azure's Get User Delegation Key; each key is another.</summary>
    private sealed class KeyService(TimeProvider clock) : HttpMessageHandler
    {
        public int Given { get; private set; }

        public bool Refuses { get; set; }

        public byte[] Value(int number) => SHA256.HashData(Encoding.ASCII.GetBytes($"key {number}"));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("/?restype=service&comp=userdelegationkey", request.RequestUri!.PathAndQuery);
            Assert.Equal("Bearer", request.Headers.Authorization?.Scheme);
            if (Refuses) return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden));
            Given++;
            string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var (start, end) = (Iso(clock.GetUtcNow()), Iso(clock.GetUtcNow().AddHours(24)));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    $"<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey><SignedOid>oid-{Given}</SignedOid><SignedTid>tid-{Given}</SignedTid><SignedStart>{start}</SignedStart><SignedExpiry>{end}</SignedExpiry><SignedService>b</SignedService><SignedVersion>2026-04-06</SignedVersion><Value>{Convert.ToBase64String(Value(Given))}</Value></UserDelegationKey>",
                    Encoding.UTF8, "application/xml"),
            });
        }
    }
}
