using System.Net;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers;

/// <summary>What every provider promises, asked of its real store.</summary>
public abstract class StorageContractTests<TStore>(TStore store) : IAsyncLifetime
    where TStore : ContractStore
{
    private const string Other = "odd/a b.png";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private IStorageProvider provider = null!;

    protected TStore Store => store;

    public async ValueTask InitializeAsync()
    {
        await store.ReadyAsync();
        provider = store.Provider(TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        provider?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task List_WhenMoreThanAPage_GivesEveryKeyOnceInOrderAndResumesByToken()
    {
        var keys = new List<string>();
        string? cursor = null;
        do
        {
            // Each page by a provider of its own: a token is all that a listing needs to go on, also after a restart.
            using var next = store.Provider(TimeProvider.System);
            var (objects, token) = await next.ListAsync("many/", cursor, 1000, Ct);
            Assert.InRange(objects.Count, 1, 1000);
            keys.AddRange(objects.Select(o => o.Key));
            cursor = token;
        }
        while (cursor is not null);

        Assert.Equal(store.Objects.Keys.Where(k => k.StartsWith("many/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task List_WhenNamesAreOdd_GivesThemExactlyWithSizeAndType()
    {
        var odd = await OddAsync();

        Assert.Equal(store.Objects.Keys.Where(k => k.StartsWith("odd/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), odd.Select(o => o.Key).Order(StringComparer.Ordinal));
        Assert.All(odd, o => Assert.Equal(store.Objects[o.Key].Length, o.Size));
        Assert.All(odd, o => Assert.Equal(o.Key.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? "image/png" : "application/octet-stream", o.MediaType));
        Assert.All(odd, o => Assert.False(string.IsNullOrEmpty(o.Etag)));
    }

    [Theory]
    [InlineData("odd/what", 1)]
    [InlineData("odd/a", 3)]
    [InlineData("many/0000", 10)]
    [InlineData("absent/", 0)]
    [InlineData("../", 0)]
    public async Task List_WhenPrefixed_GivesOnlyWhatBeginsSo(string prefix, int count) => Assert.Equal(count, (await provider.ListAsync(prefix, null, 100, Ct)).Objects.Count);

    [Fact]
    public async Task Sign_ForEveryOddName_OpensThatObjectAndNoOtherBytes()
    {
        foreach (var (key, bytes) in store.Objects.Where(o => o.Key.StartsWith("odd/", StringComparison.Ordinal)))
        {
            var (signed, secret) = await SignAsync(key);
            using var response = await store.Http.SignedAsync(signed.Url, secret);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{key}: {(int)response.StatusCode}");
            Assert.Equal(bytes, await response.BytesAsync());
        }
    }

    [Fact]
    public async Task Url_WithItsHeader_ServesPinnedTypeAndIsNeverStored()
    {
        var (signed, secret) = await SignAsync(ContractStore.Large, "image/x-pinned");

        using var response = await store.Http.SignedAsync(signed.Url, secret);

        Assert.Equal("image/x-pinned", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(store.PinsCacheControl, response.Headers.CacheControl?.NoStore == true);
        Assert.Equal(!store.PinsCacheControl, provider.Weaknesses.Any(w => w.Code == UrlWeakness.CacheUnpinned));
        Assert.StartsWith(provider.StorageOrigin + "/", signed.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Uri.UnescapeDataString(signed.Url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_WithoutItsHeaderOrWithAnother_IsRefusedOrTheProviderSaysSo()
    {
        var (signed, secret) = await SignAsync(ContractStore.Large);
        Assert.Equal(HttpStatusCode.OK, (await store.Http.SignedAsync(signed.Url, secret)).StatusCode);
        var without = await store.Http.SignedAsync(signed.Url, null);
        var wrong = await store.Http.SignedAsync(signed.Url, SplitSecret.New());

        // What a store does not enforce is never silent.
        Assert.Equal(!store.EnforcesHeader, provider.Weaknesses.Any(w => w.Code == UrlWeakness.HeaderUnbound));
        if (store.EnforcesHeader)
        {
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (without.StatusCode, wrong.StatusCode));
            Assert.Equal(-1, (await without.BytesAsync()).AsSpan().IndexOf(store.Objects[ContractStore.Large].AsSpan(0, 16)));
        }
    }

    [Fact]
    public async Task Url_WhenExpired_IsRefused()
    {
        using var earlier = store.Provider(new TestClock(DateTimeOffset.UtcNow.AddMinutes(-2)));
        var secret = SplitSecret.New();
        var signed = await earlier.SignAsync(new ObjectReference("c", ContractStore.Large, null), secret, "image/png", Minute, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await store.Http.SignedAsync(signed.Url, secret)).StatusCode);
        Assert.InRange(signed.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-90), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Url_WhenAnotherObjectIsPutIntoIt_IsRefused()
    {
        var (signed, secret) = await SignAsync(ContractStore.Large);
        var other = signed.Url.Replace("odd/large.png", "odd/upper.png", StringComparison.Ordinal);
        Assert.NotEqual(signed.Url, other);

        Assert.Equal(HttpStatusCode.Forbidden, (await store.Http.SignedAsync(other, secret)).StatusCode);
    }

    [Fact]
    public async Task Url_ForWriting_IsRefused()
    {
        var (signed, secret) = await SignAsync(ContractStore.Large);

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete, HttpMethod.Post])
        {
            using var response = await store.Http.SignedAsync(signed.Url, secret, method);
            Assert.InRange((int)response.StatusCode, 400, 499);
        }

        Assert.Equal(HttpStatusCode.OK, (await store.Http.SignedAsync(signed.Url, secret)).StatusCode);
    }

    [Fact]
    public async Task Url_AskedByHead_AnswersWithoutABodyOrRefuses()
    {
        var (signed, secret) = await SignAsync(ContractStore.Large);

        using var response = await store.Http.SignedAsync(signed.Url, secret, HttpMethod.Head);

        Assert.Equal(store.ServesHead ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        if (store.ServesHead) Assert.Equal(300_000, response.Content.Headers.ContentLength);
        Assert.Empty(await response.BytesAsync());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=1000-1999", 1000, 1000)]
    [InlineData("bytes=299990-", 299_990, 10)]
    [InlineData("bytes=-7", 299_993, 7)]
    [InlineData("bytes=299999-999999", 299_999, 1)]
    public async Task Range_WhenSatisfiable_GivesExactlyThoseBytes(string range, int from, int length)
    {
        var (signed, secret) = await SignAsync(ContractStore.Large);

        using var response = await store.Http.SignedAsync(signed.Url, secret, with: h => h.TryAddWithoutValidation("Range", range));

        if (!store.ServesSuffixRange && range.StartsWith("bytes=-", StringComparison.Ordinal))
        {
            Assert.Equal(store.Objects[ContractStore.Large], await response.BytesAsync());
            return;
        }

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(store.Objects[ContractStore.Large].AsSpan(from, length).ToArray(), await response.BytesAsync());
        Assert.Equal(300_000, response.Content.Headers.ContentRange?.Length);
    }

    [Fact]
    public async Task Range_WhenOutsideTheObject_Is416()
    {
        var (signed, secret) = await SignAsync(ContractStore.Large);

        using var response = await store.Http.SignedAsync(signed.Url, secret, with: h => h.TryAddWithoutValidation("Range", "bytes=400000-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Fact]
    public async Task ETag_OfTheListing_AnswersIfNoneMatch()
    {
        var listed = (await OddAsync()).Single(o => o.Key == ContractStore.Large);
        var (signed, secret) = await SignAsync(ContractStore.Large);

        using var same = await store.Http.SignedAsync(signed.Url, secret, with: h => h.TryAddWithoutValidation("If-None-Match", $"\"{listed.Etag}\""));
        using var other = await store.Http.SignedAsync(signed.Url, secret, with: h => h.TryAddWithoutValidation("If-None-Match", "\"other\""));

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (same.StatusCode, other.StatusCode));
        Assert.Equal($"\"{listed.Etag}\"", other.Headers.ETag?.ToString());
    }

    [Theory]
    [InlineData("odd/../odd/large.png")]
    [InlineData("../etc/passwd")]
    [InlineData("odd/large.png\0.jpg")]
    [InlineData("/etc/passwd")]
    [InlineData("odd\\large.png")]
    [InlineData("odd/./large.png")]
    [InlineData("")]
    public async Task Key_WithTricksInIt_IsNeitherSignedNorRead(string key)
    {
        var reference = new ObjectReference("c", key, null);

        Assert.Equal("storage.bad_key", (await Assert.ThrowsAsync<StorageException>(async () => await provider.SignAsync(reference, SplitSecret.New(), "image/png", Minute, Ct))).Code);
        Assert.Equal("storage.bad_key", (await Assert.ThrowsAsync<StorageException>(() => provider.ReadStartAsync(reference, 10, Ct))).Code);
    }

    [Theory]
    [InlineData("odd/absent.png")]
    [InlineData("odd/%2e%2e/secret.png")]
    [InlineData("odd%2Flarge.png")]
    [InlineData("odd/large.png/")]
    public async Task Object_WhenAbsent_IsNotFound(string key)
    {
        var (signed, secret) = await SignAsync(key);

        Assert.Equal(HttpStatusCode.NotFound, (await store.Http.SignedAsync(signed.Url, secret)).StatusCode);
        Assert.Equal("storage.not_found", (await Assert.ThrowsAsync<StorageException>(() => provider.ReadStartAsync(new ObjectReference("c", key, null), 10, Ct))).Code);
    }

    [Fact]
    public async Task ReadStart_GivesTheFirstBytesOfAnyObject()
    {
        var large = store.Objects[ContractStore.Large];

        Assert.Equal(large[..1000], await provider.ReadStartAsync(new ObjectReference("c", ContractStore.Large, null), 1000, Ct));
        Assert.Equal(large, await provider.ReadStartAsync(new ObjectReference("c", ContractStore.Large, null), 1_000_000, Ct));
        Assert.Equal(store.Objects[Other], await provider.ReadStartAsync(new ObjectReference("c", Other, null), 1_000_000, Ct));
        Assert.Empty(await provider.ReadStartAsync(new ObjectReference("c", "odd/empty.png", null), 1000, Ct));
    }

    [Fact]
    public async Task Question_WhenTheAskerGoesAway_Ends()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.ListAsync("odd/", null, 10, gone.Token));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<IReadOnlyList<ListedObject>> OddAsync() => (await provider.ListAsync("odd/", null, 100, Ct)).Objects;

    private async Task<(SignedUrl Signed, string Secret)> SignAsync(string key, string type = "image/png")
    {
        var secret = SplitSecret.New();
        var signed = await provider.SignAsync(new ObjectReference("c", key, null), secret, type, Minute, Ct);
        Assert.InRange(signed.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(50), DateTimeOffset.UtcNow.AddSeconds(61));
        return (signed, secret);
    }
}
