using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Life;

/// <summary>What the operators' table promises is what the operators' port serves, and no label is a person.</summary>
public sealed partial class OperatorMetricsTests
{
    [Fact]
    public async Task EveryFigureOfTheTable_IsServed_AndNoneNamesAPerson()
    {
        using var syslog = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{((IPEndPoint)syslog.Client.LocalEndPoint!).Port}");
        await using var agent = await AgentOnDisk.StartAsync(file =>
        {
            file["accessLog"] = new JsonObject { ["syslog"] = address };
            file["limits"] = new JsonObject { ["perPersonPerMinute"] = 10, ["perProjectPerHour"] = 8, ["people"] = new JsonObject { ["deny"] = new JsonArray("eve") } };
        });
        var asking = new Asking("ann-the-person");
        ObjectReference picture = new("c", "a.png", null);
        var given = (await agent.AskAsAsync(asking, picture, picture, picture, picture)).Objects[0];
        await agent.AskAsAsync(new Asking("eve"), picture);
        using var http = new HttpClient();
        using var fetch = new HttpRequestMessage(HttpMethod.Get, given.Url) { Content = new ByteArrayContent([]) };
        fetch.Content.Headers.TryAddWithoutValidation("Content-Language", given.Header);
        using (var picked = await http.SendAsync(fetch, TestContext.Current.CancellationToken)) Assert.Equal(7, (await picked.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);

        var text = "";
        await agent.UntilAsync(async () =>
        {
            text = (await agent.GetAsync(new Uri(agent.Operators, "/metrics"))).Text;
            return Regex.IsMatch(text, """^hybrid_agent_log_shipped_total\{[^}]*sink="syslog"[^}]*\} 5\b""", RegexOptions.Multiline) && text.Contains("hybrid_agent_objects_sent_bytes_total", StringComparison.Ordinal);
        });
        // These count only what went wrong; tests of their own make it go wrong. Those of the proxy delivery have theirs, too.
        string[] rare = ["hybrid_agent_log_unrecorded_total", "hybrid_agent_log_dropped_total"];
        var promised = Name().Matches(await File.ReadAllTextAsync(Path.Combine(ReferenceFiles.RepositoryRoot, "infra/operators.md"), TestContext.Current.CancellationToken))
            .Select(m => m.Value).Distinct().Except(rare).Where(n => !n.Contains("prox", StringComparison.Ordinal)).ToList();
        Assert.True(promised.Count >= 9);
        foreach (var name in promised) Assert.True(Regex.IsMatch(text, $"^{name}(_count)?[ {{]", RegexOptions.Multiline), $"{name} is not in:\n{string.Join('\n', text.Split('\n').Where(l => l.StartsWith("hybrid_", StringComparison.Ordinal)))}");
        Has(text, """hybrid_agent_ceiling_use\{[^}]*rule="person-per-minute"[^}]*\} 0\.4\b""");
        Has(text, """hybrid_agent_ceiling_use\{[^}]*rule="project-per-hour"[^}]*\} 0\.5\b""");
        Has(text, """hybrid_agent_urls_refused_total\{[^}]*rule="person-denied"[^}]*\} 1\b""");
        Has(text, """hybrid_agent_urls_issued_total(\{[^}]*\})? 4\b""");
        foreach (var hidden in (string[])["ann-the-person", "eve", "a.png", asking.Project]) Assert.DoesNotContain($"\"{hidden}\"", text, StringComparison.Ordinal);
    }

    private static void Has(string text, string pattern) => Assert.Matches(new Regex("^" + pattern, RegexOptions.Multiline), text);

    [GeneratedRegex("hybrid_agent_[a-z_]+")]
    private static partial Regex Name();
}
