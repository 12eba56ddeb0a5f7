using System.Net;
using System.Text.Json;
using CsCheck;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Policy;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.StorageAgent.Tests.Policy;

public sealed class SimulationTests : IAsyncLifetime
{
    private static readonly Guid[] Projects = [Guid.NewGuid(), Guid.NewGuid()];
    private static readonly string?[] Origins = [null, RunningAgent.Workspace, "https://inside.example", "https://evil.example"];
    private static readonly string[] Addresses = ["10.1.2.3", "11.1.2.3", "fd00::1"];
    private static readonly string[] Acts = ["work", "guideline", "view"];
    private static readonly string[] Connections = ["open", "narrow", "mine", "none", "veiled"];
    private static readonly string[] Keys = ["in/a.png", "out/a.png", "in/../out/a.png", "a\\b", "in/ü.png"];

    // One sample: who asks for what, and which rules stand in the file.
    private static readonly Gen<(int[] Pick, bool[] Rule)> Samples = Gen.Select(Gen.Int[0, 59].Array[9], Gen.Bool.Array[9]);

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private readonly TestClock clock = new();
    private RunningAgent agent = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionOptions open = new() { Name = "open", Provider = "file", Folder = folder }, narrow = new() { Name = "narrow", Provider = "file", Folder = folder }, mine = new() { Name = "mine", Provider = "file", Folder = folder }, veiled = new() { Name = "veiled", Provider = "file", Folder = folder, OpaqueKeys = true };
        narrow.Prefixes.Add("in/");
        mine.Projects.Add(Projects[0]);
        agent = await RunningAgent.StartAsync(clock, o => o.TrustedProxies.Add("127.0.0.1/32"), open, narrow, mine, veiled);
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Simulation_DecidesAsServingDoes_ByTheSameRule()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await Samples.SampleAsync(
            async sample =>
            {
                var (pick, rule) = sample;
                clock.Advance(TimeSpan.FromMinutes(65 + pick[0]));
                var options = Options(rule);
                agent.Services.GetRequiredService<LocalPolicy>().Apply(options);
                var asking = new Asking($"person-{pick[1] % 3}", Acts[pick[2] % 3], Origins[pick[3] % 4], Addresses[pick[4] % 3]) { Project = Projects[pick[5] % 2].ToString() };
                var reference = new ObjectReference(Connections[pick[6] % 5], Keys[pick[7] % 5], null);

                var simulated = Simulation.Decide(options, new SimulatedRequest(asking.Person, asking.Project, reference, asking.Act, new Caller(IPAddress.Parse(asking.ForwardedFor!), asking.Origin), clock.GetUtcNow(), reference.Connection != "veiled"));
                var (objects, code) = await agent.AskAsAsync(asking, reference);

                Assert.Null(code);
                var recorded = JsonElement.Parse(File.ReadLines(AccessJournal.Files(agent.AccessLog)[^1]).Last());
                Assert.Equal((simulated.Rule, simulated.Allowed), (recorded.GetProperty("rule").GetString(), recorded.GetProperty("allowed").GetBoolean()));
                Assert.Equal((simulated.Allowed, simulated.Told), (objects.Single().Url is not null, objects.Single().Refusal?.Code));
                if (simulated.Allowed) Assert.Equal(clock.GetUtcNow().AddSeconds(simulated.UrlSeconds!.Value), objects.Single().ExpiresAt);
                seen.Add(simulated.Rule);
            },
            iter: 1500, threads: 1);

        // The samples reach every rule there is, and the way through.
        Assert.Equal(agent.Services.GetRequiredService<LocalPolicy>().Rules.Select(r => r.Name).Append(LocalPolicy.AllRulesPass).Order(), seen.Order());
    }

    [Fact]
    public async Task Verb_AnswersInWordsAndInJson_AndByItsExitCode()
    {
        var config = Path.Combine(folder, "agent.json");
        await File.WriteAllTextAsync(config, $$"""
            { "controlPlane": "https://hybrid.example", "publicUrl": "https://agent.example", "limits": { "people": { "deny": ["eve"] }, "maxUrlSeconds": 30 },
              "connections": [ { "name": "ward", "provider": "file", "folder": "{{folder}}", "prefixes": ["in/"] } ] }
            """, TestContext.Current.CancellationToken);
        string[] ask = ["simulate", "--config", config, "--project", Projects[0].ToString(), "--connection", "ward", "--key", "in/a.png", "--at", "2026-03-01T07:30:00+01:00", "--ip", "10.1.2.3", "--origin", "https://hybrid.example"];

        var allowed = await AgentProcess.RunAsync([.. ask, "--person", "ann"]);
        var refused = await AgentProcess.RunAsync([.. ask, "--person", "eve", "--json"]);
        var wrong = await AgentProcess.RunAsync([.. ask.Select(a => a == "10.1.2.3" ? "here" : a), "--person", "eve"]);

        Assert.Equal(0, allowed.ExitCode);
        Assert.StartsWith("allowed: every rule lets it pass; the URL lives 30 seconds at most\nasked before: client-range, origin, hours, act, ", allowed.Output, StringComparison.Ordinal);
        Assert.Contains("then counted, in the running agent: person-per-minute 600, person-per-hour 6000", allowed.Output, StringComparison.Ordinal);
        var answer = JsonElement.Parse(refused.Output);
        Assert.Equal((3, false, "person-denied", "policy.refused"), (refused.ExitCode, answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("rule").GetString(), answer.GetProperty("told").GetString()));
        Assert.Equal(["client-range", "origin", "hours", "act"], answer.GetProperty("passed").EnumerateArray().Select(p => p.GetString()));
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("--ip is no address, e.g. 10.1.2.3.", wrong.Error, StringComparison.Ordinal);
    }

    private AgentOptions Options(bool[] rule)
    {
        var options = new AgentOptions { ControlPlane = agent.Options.ControlPlane, PublicUrl = agent.Options.PublicUrl };
        foreach (var connection in agent.Options.Connections) options.Connections.Add(connection);
        var limits = options.Limits;
        (limits.PerPersonPerMinute, limits.PerPersonPerHour, limits.AllowView) = (1_000_000, 1_000_000, rule[0]);
        if (rule[1]) limits.ClientRanges.Add("10.0.0.0/8");
        if (rule[2]) limits.Origins.Add("https://inside.example");
        if (rule[3]) limits.People.Deny.Add("person-0");
        if (rule[4]) limits.People.Allow.Add("person-1");
        if (rule[5]) limits.Projects.Add(Projects[0]);
        if (rule[6]) limits.MaxUrlSeconds = 20;
        if (!rule[7]) return options;
        limits.Hours.TimeZone = "America/New_York";
        limits.Hours.Open.Add(new OpeningOptions { From = "08:00", To = "20:00" });
        return options;
    }
}
