using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Telemetry;
using Hybrid.Testing;

namespace Hybrid.ServiceDefaults.Tests.Agent;

/// <summary>The real agent, linked to the real control plane: what it counts, and when it is ready.</summary>
[Collection("alone")]
public sealed class AgentTelemetryTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-agent-metrics").FullName;
    private readonly ConcurrentDictionary<string, double> figures = new(StringComparer.Ordinal);
    private readonly HttpClient http = new();
    private MeterListener listener = null!;
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private RealAgent agent = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == AgentMetrics.Service.Meter) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Keep(i, value, tags));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => figures[i.Name] = value);
        listener.SetMeasurementEventCallback<double>((i, _, tags, _) => Keep(i, 1, tags));
        listener.Start();
        // The start of a PNG with its size, and 971 bytes more.
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.png"), [.. Convert.FromHexString("89504e470d0a1a0a0000000d4948445200000003000000020802000000"), .. new byte[971]], Ct);
        agent = await RealAgent.StartAsync(host, owner, new ConnectionOptions { Name = "folder", Provider = "file", Folder = folder });
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await agent.DisposeAsync();
        owner.Dispose();
        await host.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task OneRoad_IsCounted_ByRuleAndByteAndCall()
    {
        var connectionId = (await owner.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("connections")[0].GetProperty("id").GetGuid();
        var project = (await owner.PostAsync("/api/projects", new { name = "Road", connectionIds = new[] { connectionId } })).GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0] is var i
            && i.GetProperty("state").GetString() is "done" or "failed" && i.GetProperty("described").GetInt32() == i.GetProperty("describedTotal").GetInt32());
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        var grant = JsonSerializer.Deserialize<GrantAnswer>((await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/tasks/{task}/grant"))).GetRawText(), JsonSerializerOptions.Web)!;
        var asked = await agent.AskAsync(host, owner, grant);
        var answer = asked.Open().Value.Objects.Single();
        await agent.AskAsync(host, owner, grant, proof: agent.LastProof);
        await agent.AskAsync(host, owner, grant, objects: [new ObjectReference("elsewhere", "x", null)]);
        await FetchAsync(answer, null);
        await FetchAsync(answer, "bytes=0-9");

        listener.RecordObservableInstruments();
        // The answer is with the browser before its end is counted.
        await Wait.UntilAsync(() => Task.FromResult(figures.GetValueOrDefault("hybrid.agent.objects.sent") >= 1010));
        Assert.Equal(1, figures["hybrid.agent.urls.issued"]);
        Assert.Equal(1, figures["hybrid.agent.urls.refused rule=proof.replayed"]);
        Assert.Equal(1, figures.Where(f => f.Key.StartsWith("hybrid.agent.urls.refused rule=grant.", StringComparison.Ordinal)).Sum(f => f.Value));
        Assert.Equal(1000 + 10, figures["hybrid.agent.objects.sent"]);
        Assert.Equal(1, figures["hybrid.agent.provider.duration connection=folder operation=sign outcome=ok"]);
        Assert.Equal(1, figures["hybrid.agent.provider.duration connection=folder operation=read outcome=ok"]);
        Assert.True(figures["hybrid.agent.provider.duration connection=folder operation=list outcome=ok"] >= 1);
        Assert.Equal(1, figures["hybrid.agent.link.up"]);
    }

    [Fact]
    public async Task Ready_OnceTheKeysAreKnown_AndStillWhenTheControlPlaneIsAway()
    {
        var ready = new Uri(agent.Options.PublicUrl!, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(ready, Ct)).StatusCode);
        await host.DisposeAsync();
        await Wait.UntilAsync(() =>
        {
            listener.RecordObservableInstruments();
            return Task.FromResult(figures.GetValueOrDefault("hybrid.agent.link.up", 1) == 0);
        });
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(ready, Ct)).StatusCode);
    }

    private async Task FetchAsync(UrlAnswerObject answer, string? range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, answer.Url) { Content = new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Language", answer.Header);
        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        using var bytes = await http.SendAsync(request, Ct);
        Assert.True(bytes.IsSuccessStatusCode);
        await bytes.Content.ReadAsByteArrayAsync(Ct);
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        figures.AddOrUpdate(string.Join(' ', [instrument.Name, .. tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}")]), value, (_, sum) => sum + value);
}
