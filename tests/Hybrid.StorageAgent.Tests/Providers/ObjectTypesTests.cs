using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Providers;

/// <summary>Types of objects whose names tell none.</summary>
public sealed class ObjectTypesTests
{
    [Fact]
    public void Sniffed_IsWhatTheExtensionSays_ForEverySampleOfAKnownKind()
    {
        var seen = new HashSet<string>();
        foreach (var file in Directory.EnumerateFiles(ReferenceFiles.Sample("."), "*", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(file);
            var start = new byte[ContentSniffer.Bytes];
            var sniffed = ContentSniffer.Sniff(start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
            if (sniffed is null) continue;
            var named = ContentTypes.Of(file);
            Assert.True(named == ContentTypes.Unknown || named == sniffed, $"{Path.GetFileName(file)} is named {named} and sniffed {sniffed}");
            seen.Add(sniffed);
        }

        Assert.Superset(new HashSet<string> { "image/jpeg", "image/png", "application/dicom" }, seen);
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("<?xml version=\"1.0\"?><svg/>")]
    [InlineData("%PDF-1.7")]
    [InlineData("plain text")]
    [InlineData("BM is how this text begins")]
    [InlineData("")]
    public void Sniffed_IsNeverWhatABrowserCouldRun(string content) => Assert.Null(ContentSniffer.Sniff(System.Text.Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task Url_OfAnObjectWithoutExtension_PinsTheSniffedType_AndItsStoreIsAskedOnce()
    {
        var folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
        try
        {
            byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];
            await File.WriteAllBytesAsync(Path.Combine(folder, "scan"), png, TestContext.Current.CancellationToken);
            await using var agent = await RunningAgent.StartAsync(new FakeTimeProvider(DateTimeOffset.UtcNow), new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });

            var (objects, _) = await agent.AskAsync(new ObjectReference("c", "scan", null));
            await File.WriteAllTextAsync(Path.Combine(folder, "scan"), "text now", TestContext.Current.CancellationToken);
            var (again, _) = await agent.AskAsync(new ObjectReference("c", "scan", null), new ObjectReference("c", "absent", null));

            Assert.Equal(["image/png", "image/png", "application/octet-stream"], objects.Concat(again).Select(o => o.ContentType));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Listing_AsksTheFirstBytesOnlyWhereTheNameTellsNothing()
    {
        var store = new CountingStore();
        using var types = new ObjectTypes(TimeProvider.System);
        ListedObject[] page = [new("a.png", 9, null, "image/png", null), new("b", 9, null, ContentTypes.Unknown, null), new("empty", 0, null, ContentTypes.Unknown, null), new("gone", 9, null, ContentTypes.Unknown, null)];

        var filled = await types.FillAsync(new AgentConnection(new ConnectionOptions { Name = "c" }, store), page, TestContext.Current.CancellationToken);

        Assert.Equal(["image/png", "image/gif", ContentTypes.Unknown, ContentTypes.Unknown], filled.Select(o => o.MediaType));
        Assert.Equal(["b", "gone"], store.Read.Order());
    }

    private sealed class CountingStore : IStorageProvider
    {
        public System.Collections.Concurrent.ConcurrentBag<string> Read { get; } = [];

        public string Name => "c";

        public string StorageOrigin => "https://store.example";

        public IReadOnlyList<CircuitBreaker> Breakers => [];

        public ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct) => throw new NotSupportedException();

        public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) => throw new NotSupportedException();

        public Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct)
        {
            Read.Add(reference.Key);
            return reference.Key == "gone" ? throw new StorageException("storage.not_found", "gone") : Task.FromResult("GIF89a"u8.ToArray());
        }

        public void Dispose()
        {
        }
    }
}
