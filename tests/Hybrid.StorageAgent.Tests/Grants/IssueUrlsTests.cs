using System.Net;
using System.Text.Json;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Grants;

/// <summary>What the record has to do with serving, and what a request gets that is none.</summary>
public sealed class IssueUrlsTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private readonly TestClock clock = new();
    private RunningAgent agent = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = new ConnectionOptions { Name = "c", Provider = "file", Folder = folder };
        connection.Prefixes.Add("in/");
        agent = await RunningAgent.StartAsync(clock, connection);
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Answer_NamesEachRefusalToTheRecordAndNoMoreThanNeededToTheCaller()
    {
        var (objects, _) = await agent.AskAsync(new("c", "in/a.png", null), new("c", "out/a.png", null), new("c", "in/../out/a.png", null));
        objects = [.. objects, .. (await agent.AskAsync(new ObjectReference("other", "in/a.png", null))).Objects];

        Assert.Equal([null, "policy.refused", "policy.refused", "policy.refused"], objects.Select(o => o.Refusal?.Code));
        Assert.Single(objects.Skip(1).Select(o => o.Refusal!.Detail).Distinct());
        Assert.All(objects.Skip(1), o => Assert.Null(o.Url));
        var rules = File.ReadLines(AccessJournal.Files(agent.AccessLog).Single()).Select(l => JsonElement.Parse(l).GetProperty("rule").GetString());
        Assert.Equal(["all-rules-pass", "prefix", "prefix", "connection"], rules);
    }

    [Fact]
    public async Task Answer_WhenTheRecordCannotBeWritten_IsARefusalAndHealsByItself()
    {
        await File.WriteAllTextAsync(agent.AccessLog, "a file where the folder should be", TestContext.Current.CancellationToken);

        Assert.Equal("agent.record_failed", (await agent.AskAsync(new ObjectReference("c", "in/a.png", null))).Code);

        File.Delete(agent.AccessLog);
        Assert.NotNull((await agent.AskAsync(new ObjectReference("c", "in/a.png", null))).Objects.Single().Url);
    }

    [Fact]
    public async Task Answer_WhenAPersonIsOverTheCeiling_SaysSo()
    {
        var fifty = Enumerable.Range(0, 50).Select(i => new ObjectReference("c", $"in/{i}.png", null)).ToArray();
        for (var i = 0; i < 12; i++) Assert.All((await agent.AskAsync(fifty)).Objects, o => Assert.Null(o.Refusal));

        Assert.All((await agent.AskAsync(fifty)).Objects, o => Assert.Equal("policy.ceiling", o.Refusal!.Code));

        clock.Advance(TimeSpan.FromSeconds(65));
        Assert.All((await agent.AskAsync(fifty)).Objects, o => Assert.Null(o.Refusal));
    }

    [Theory]
    [InlineData("", 400, "request.malformed")]
    [InlineData("null", 400, "request.malformed")]
    [InlineData("[]", 400, "request.malformed")]
    [InlineData("{\"grant\":\"a\",\"proof\":\"b\",\"objects\":[]}", 400, "request.malformed")]
    [InlineData("{\"grant\":\"a\",\"proof\":\"b\",\"objects\":[null]}", 400, "request.malformed")]
    [InlineData("{\"grant\":\"a\",\"proof\":\"b\",\"objects\":[[\"c\",\"k\"]]}", 400, "request.malformed")]
    [InlineData("{\"grant\":\"a\",\"proof\":\"b\",\"objects\":[[\"c\",null,null]]}", 400, "request.malformed")]
    [InlineData("{\"grant\":1,\"proof\":\"b\",\"objects\":[[\"c\",\"k\",null]]}", 400, "request.malformed")]
    [InlineData("{\"grant\":\"a\",\"proof\":\"b\",\"objects\":[[\"c\",\"k\",null]]}", 400, "grant.malformed")]
    public async Task Request_WhenMalformed_IsAProblemWithACode(string body, int status, string code)
    {
        using var content = new StringContent(body);
        using var response = await agent.Http.PostAsync(new Uri(agent.Options.PublicUrl!, "/v1/urls"), content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Request_WhenOneByteTooLarge_Is413()
    {
        using var content = new ByteArrayContent(new byte[UrlLimits.Bytes + 1]);
        using var response = await agent.Http.PostAsync(new Uri(agent.Options.PublicUrl!, "/v1/urls"), content, TestContext.Current.CancellationToken);
        using var largest = new ByteArrayContent(new byte[UrlLimits.Bytes]);
        using var read = await agent.Http.PostAsync(new Uri(agent.Options.PublicUrl!, "/v1/urls"), largest, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest), (response.StatusCode, read.StatusCode));
    }
}
