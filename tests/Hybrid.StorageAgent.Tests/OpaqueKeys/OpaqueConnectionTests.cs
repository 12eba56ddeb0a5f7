using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Link;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.StorageAgent.Tests.OpaqueKeys;

/// <summary>A connection whose names stay here: what the control plane gets of it, and what it can still do.</summary>
public sealed class OpaqueConnectionTests : IAsyncLifetime
{
    private static readonly string[] Keys = ["ward-3/jane-doe.png", "ward-3/john-roe.png", "ward-3/notes.txt", "lab/mary.png", "lab/deep/er.png"];

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private readonly TestClock clock = new();
    private RunningAgent agent = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LinkAnswers Link => agent.Services.GetRequiredService<LinkAnswers>();

    public async ValueTask InitializeAsync()
    {
        foreach (var key in Keys.Append("secret/outside.png"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, key))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, key), RandomNumberGenerator.GetBytes(100), Ct);
        }

        agent = await RunningAgent.StartAsync(clock, Connection());
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Listing_TellsSizesAndTypesOfEveryObjectOnce_AndNotOneName()
    {
        var (objects, said) = await ListAsync();

        Assert.Equal(Keys.Length, objects.DistinctBy(o => o.Key).Count());
        Assert.Equal(Keys.Length, objects.Count);
        Assert.All(objects, o => Assert.Equal((100L, OpaqueNames.Length), (o.Size, o.Key.Length)));
        Assert.Equal(4, objects.Count(o => o.MediaType == "image/png"));
        foreach (var part in Keys.Append("secret/outside.png").SelectMany(k => k.Split('/', '.', '-')).Where(p => p.Length > 3 && p != "ward").Append("ward-3").Append("lab/"))
            Assert.DoesNotContain(part, said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(objects.Select(o => o.Key), (await ListAsync()).Objects.Select(o => o.Key));
    }

    [Fact]
    public async Task Listing_AnswersNoQuestionByName()
    {
        foreach (var asked in (ListRequest[])[Request() with { Prefix = "w" }, Request() with { Prefix = "ward-3/" }, Request() with { Include = ["*jane*"] }, Request() with { Exclude = ["j*"] }, Request() with { Include = ["*"] }, Request() with { Include = ["*.png*"] }])
            Assert.Equal("policy.opaque", (await Link.ListAsync(asked)).Error?.Code);
        Assert.Equal("request.malformed", (await Link.ListAsync(Request() with { Cursor = "ward-3/jane-doe.png" })).Error?.Code);
        Assert.Single((await ListAsync(Request() with { Include = ["*.txt"] })).Objects);
        Assert.Equal(4, (await ListAsync(Request() with { Exclude = ["*.txt"] })).Objects.Count);
    }

    [Fact]
    public async Task Object_IsServedByItsOpaqueName_AndRecordedByItsOwn()
    {
        var names = agent.Services.GetRequiredService<OpaqueNames>();
        await ListAsync();
        var reference = new ObjectReference("c", names.NameOf("c", "ward-3/jane-doe.png"), null);

        var (answers, _) = await agent.AskAsync(reference);
        using var bytes = await agent.Http.SignedAsync(answers[0].Url!, answers[0].Header);

        Assert.Equal((reference, "image/png"), (answers[0].Object, answers[0].ContentType));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder, "ward-3/jane-doe.png"), Ct), await bytes.BytesAsync());
        Assert.Equal("ward-3/jane-doe.png", JsonElement.Parse(File.ReadLines(AccessJournal.Files(agent.AccessLog).Single()).Last()).GetProperty("key").GetString());
        Assert.Equal("asset.not_a_picture", (await Link.DescribeAsync(new DescribeRequest([reference]))).Objects.Single().Error);
    }

    [Fact]
    public async Task RealName_OpensNothing()
    {
        await ListAsync();
        var outside = new ObjectReference("c", agent.Services.GetRequiredService<OpaqueNames>().NameOf("c", "secret/outside.png"), null);

        Assert.Equal("opaque.unknown", (await agent.AskAsync(new ObjectReference("c", "ward-3/jane-doe.png", null))).Objects[0].Refusal?.Code);
        Assert.Equal("opaque.unknown", (await agent.AskAsync(outside)).Objects[0].Refusal?.Code);
        Assert.Equal("opaque.unknown", (await Link.DescribeAsync(new DescribeRequest([outside]))).Objects[0].Error);
    }

    [Fact]
    public async Task ReplicaWithoutAMap_MakesItAnewByListing_AndServesWhatAnotherListed()
    {
        var secretFile = Path.Combine(folder, "secret.txt");
        await File.WriteAllTextAsync(secretFile, Convert.ToBase64String(agent.Identity.Secret), Ct);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secretFile, UnixFileMode.UserRead);
        await ListAsync();
        var reference = new ObjectReference("c", agent.Services.GetRequiredService<OpaqueNames>().NameOf("c", "lab/mary.png"), null);
        await using var replica = await RunningAgent.StartAsync(clock, o => o.SecretFile = secretFile, Connection());

        Assert.Equal("opaque.unknown", (await replica.AskAsync(reference)).Objects[0].Refusal?.Code);
        await Wait.UntilAsync(async () => (await replica.AskAsync(reference)).Objects[0].Url is not null);
    }

    private static ListRequest Request() => new("c", "", null, 2, [], []);

    private ConnectionOptions Connection()
    {
        var connection = new ConnectionOptions { Name = "c", Provider = "file", Folder = folder, OpaqueKeys = true };
        foreach (var prefix in (string[])["ward-3/", "lab/", "lab/deep/"]) connection.Prefixes.Add(prefix);
        return connection;
    }

    private async Task<(IReadOnlyList<ListedObject> Objects, string Said)> ListAsync(ListRequest? request = null)
    {
        var (objects, said) = (new List<ListedObject>(), "");
        for (request ??= Request(); ;)
        {
            var page = await Link.ListAsync(request);
            Assert.Null(page.Error);
            objects.AddRange(page.Objects);
            said += JsonSerializer.Serialize(page);
            if (page.Cursor is null) return (objects, said);
            request = request with { Cursor = page.Cursor };
        }
    }
}
