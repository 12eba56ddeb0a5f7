using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace Hybrid.StorageAgent.Tests.Faults;

/// <summary>What befalls the agent's own process: what browsers see, what is logged once, what heals by itself.</summary>
public sealed class AgentFaultTests
{
    private static readonly ObjectReference Picture = new("c", "a.png", null);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_InTheMiddleOfWriting_HasRecordedAllThatItAnswered()
    {
        await using var agent = await AgentOnDisk.PrepareAsync(Generous);
        var answered = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            await agent.RunAsync();
            var (asked, enough) = (0, new TaskCompletionSource());
            var browsers = Enumerable.Range(0, 6).Select(b => Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        var person = string.Create(CultureInfo.InvariantCulture, $"{round}-{b}-{Interlocked.Increment(ref asked)}");
                        var (objects, _) = await agent.AskAsAsync(new Asking(person), [.. Enumerable.Repeat(Picture, 20)]);
                        Assert.All(objects, o => Assert.NotNull(o.Url));
                        lock (answered) answered.Add(person);
                        if (asked > 30 + (round * 7)) enough.TrySetResult();
                    }
                }
                catch (HttpRequestException)
                {
                    enough.TrySetResult();
                }
            }, Ct)).ToList();
            await enough.Task;
            agent.Process.Kill();
            await agent.Process.WaitForExitAsync(Ct);
            await Task.WhenAll(browsers);
        }

        // What was torn off is cut off by the next start; nothing that was answered is missing.
        await agent.RunAsync();
        await agent.AskAsync(Picture);
        Assert.Null(AccessJournal.Verify(agent.AccessLog).Break);
        var recorded = new LogQuery().Find(agent.AccessLog).CountBy(f => f.Record.Person!).ToDictionary();
        Assert.True(answered.Count > 100);
        Assert.All(answered, person => Assert.Equal(20, recorded[person]));
    }

    [Fact]
    public async Task DiskFull_ServesNothing_SaysSo_AndComesBackByItself()
    {
        var disk = Directory.CreateTempSubdirectory("hybrid-disk").FullName;
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=512k,mode=700", "none", disk)) Assert.Skip("Mounting is not permitted here: needs root.");
        try
        {
            await using var agent = await AgentOnDisk.PrepareAsync(Generous, data: Path.Combine(disk, "data"));
            await agent.RunAsync();
            Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);
            await File.WriteAllBytesAsync(Path.Combine(disk, "ballast"), new byte[400 * 1024], Ct);
            var served = 1;
            string? code;
            while ((code = (await agent.AskAsync([.. Enumerable.Repeat(Picture, 20)])).Code) is null) served += 20;

            Assert.Equal("agent.record_failed", code);
            // No smaller request slips through a corner either, and nothing of it is left in the log.
            Assert.Equal("agent.record_failed", (await agent.AskAsync([.. Enumerable.Repeat(Picture, 20)])).Code);
            Assert.Contains("hybrid_agent_log_unrecorded_total", (await agent.GetAsync(new Uri(agent.Operators, "/metrics"))).Text, StringComparison.Ordinal);
            Assert.Equal((served, null), AccessJournal.Verify(agent.AccessLog));

            File.Delete(Path.Combine(disk, "ballast"));
            Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);
            Assert.Equal((served + 1, null), AccessJournal.Verify(agent.AccessLog));
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
            Directory.Delete(disk);
        }
    }

    [Fact]
    public async Task TwoReplicas_OneKilled_TheOtherServesWhatItSigned()
    {
        var secret = Path.Combine(Directory.CreateTempSubdirectory("hybrid-secret").FullName, "secret");
        await File.WriteAllTextAsync(secret, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), Ct);
        Assert.True(await RunAsync("chmod", "600", secret));
        await using var first = await AgentOnDisk.StartAsync(Shared);
        await using var second = await AgentOnDisk.StartAsync(Shared);
        using var http = new HttpClient();
        var signed = (await first.AskAsync(Picture)).Objects.Single();

        first.Process.Kill();
        await first.Process.WaitForExitAsync(Ct);

        // As a load balancer passes it on: the same path and header at the one that is left.
        var there = new Uri(second.Url, new Uri(signed.Url!).PathAndQuery).ToString();
        using (var answer = await http.SignedAsync(there, signed.Header)) Assert.Equal("picture", await answer.Content.ReadAsStringAsync(Ct));
        using (var answer = await http.SignedAsync(there, null)) Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.NotNull((await second.AskAsync(Picture)).Objects.Single().Url);
        Assert.Null(AccessJournal.Verify(first.AccessLog).Break);
        Directory.Delete(Path.GetDirectoryName(secret)!, recursive: true);

        void Shared(JsonObject file)
        {
            Generous(file);
            file["secretFile"] = secret;
        }
    }

    [Fact]
    public async Task ControlPlaneGone_WhatIsGrantedGoesOn_OneLineIsLogged_AndItStaysReady()
    {
        await using var agent = await AgentOnDisk.StartAsync(Generous);
        Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);
        await agent.CloseControlPlaneAsync();
        await agent.UntilSaidAsync("The link to ");
        for (var i = 0; i < 20; i++) Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);

        Assert.Equal(200, (await agent.GetAsync(new Uri(agent.Operators, "/health/ready"))).Status);
        Assert.Equal(2, agent.Said.Split("The link to ").Length);
        await agent.OpenControlPlaneAsync();
    }

    [Theory]
    [InlineData(-1, "ahead of")]
    [InlineData(1, "behind")]
    public async Task ClockWrong_IsNamedInLogHealthAndMetric(int hours, string direction)
    {
        // The control plane's clock is an hour off, as seen from here: it is this machine's that is wrong.
        var theirs = TimeSpan.FromHours(hours);
        await using var agent = await AgentOnDisk.StartAsync(Generous, app => app.Use(async (context, next) =>
        {
            context.Response.Headers.Date = (DateTimeOffset.UtcNow + theirs).ToString("R", CultureInfo.InvariantCulture);
            await next(context);
        }));
        await agent.UntilSaidAsync($" seconds {direction} the control plane's");

        var (status, text) = await agent.GetAsync(new Uri(agent.Operators, "/health/ready"));
        Assert.Equal(503, status);
        Assert.Contains($"seconds {direction} the control plane", System.Text.RegularExpressions.Regex.Unescape(text), StringComparison.Ordinal);
        Assert.InRange(Figure(await MetricsAsync(agent), "hybrid_agent_clock_skew_seconds") * -hours, 3590, 3610);

        // Right again: said once, and ready again at once.
        theirs = TimeSpan.Zero;
        await agent.UntilSaidAsync("agrees with the control plane's again");
        await agent.UntilAsync(async () => (await agent.GetAsync(new Uri(agent.Operators, "/health/ready"))).Status == 200);
        Assert.Equal(2, agent.Said.Split("Browsers' proofs are refused from").Length);
    }

    [Fact]
    public async Task ConfigurationBroken_UnderLoad_NoRequestIsLost_AndEachMistakeIsSaidOnce()
    {
        await using var agent = await AgentOnDisk.StartAsync(Generous);
        var (stop, served) = (false, 0);
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);
                Interlocked.Increment(ref served);
            }
        }, Ct)).ToList();
        var good = JsonNode.Parse(await File.ReadAllTextAsync(agent.Config, Ct))!.AsObject();

        await File.WriteAllTextAsync(agent.Config, "{ \"connections\": [", Ct);
        await agent.UntilSaidAsync("refused, the one before goes on");
        var bad = good.DeepClone().AsObject();
        bad["limits"]!["perPersonPerMinute"] = 0;
        bad["conections"] = new JsonArray();
        await File.WriteAllTextAsync(agent.Config, bad.ToJsonString(), Ct);
        await agent.UntilSaidAsync("limits.perPersonPerMinute is 0: give at least 1.");
        await agent.UntilSaidAsync("conections is not known");
        Assert.Equal(1, Figure(await MetricsAsync(agent), "hybrid_agent_configuration_refused"));

        var next = good.DeepClone().AsObject();
        next["connections"]!.AsArray().Add(new JsonObject { ["name"] = "d", ["provider"] = "file", ["folder"] = agent.Home });
        next["listen"] = "http://127.0.0.1:1";
        await File.WriteAllTextAsync(agent.Config, next.ToJsonString(), Ct);
        await agent.UntilSaidAsync("The changed configuration is in force: 2 connections");
        Assert.NotNull((await agent.AskAsync(new ObjectReference("d", "a.png", null))).Objects.Single().Url);
        Assert.Equal(0, Figure(await MetricsAsync(agent), "hybrid_agent_configuration_refused"));
        Assert.Contains("listen was changed in the file: restart the agent for it", agent.Said, StringComparison.Ordinal);

        // A connection that is taken out, by a signal at once; the other goes on under load.
        var last = good.DeepClone().AsObject();
        last["limits"]!["people"] = new JsonObject { ["deny"] = new JsonArray("eve") };
        await File.WriteAllTextAsync(agent.Config, last.ToJsonString(), Ct);
        await agent.SignalAsync("HUP");
        await agent.UntilSaidAsync("The changed configuration is in force: 1 connections");
        Assert.Equal("policy.refused", (await agent.AskAsync(new ObjectReference("d", "a.png", null))).Objects.Single().Refusal!.Code);
        Assert.Equal("policy.refused", (await agent.AskAsAsync(new Asking("eve"), Picture)).Objects.Single().Refusal!.Code);

        Volatile.Write(ref stop, true);
        await Task.WhenAll(load);
        Assert.True(served > 50, $"{served}");
        Assert.Equal(2, agent.Said.Split("conections is not known").Length);
        Assert.Null(AccessJournal.Verify(agent.AccessLog).Break);
    }

    [Fact]
    public async Task Term_UnderLoad_IsNotReadyFirst_AndLosesNoRequest()
    {
        await using var agent = await AgentOnDisk.StartAsync(file =>
        {
            Generous(file);
            file["drainSeconds"] = 2;
        });
        var (stop, served) = (false, 0);
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);
                Interlocked.Increment(ref served);
            }
        }, Ct)).ToList();
        await agent.UntilAsync(async () => (await agent.GetAsync(new Uri(agent.Url, "/health/ready"))).Status == 200);

        await agent.SignalAsync("TERM");
        await agent.UntilAsync(async () => (await agent.GetAsync(new Uri(agent.Url, "/health/ready"))).Status == 503);
        var before = Volatile.Read(ref served);
        await agent.UntilAsync(() => Task.FromResult(Volatile.Read(ref served) > before + 10));

        // As a load balancer does that saw the 503: no new requests; those under way finish.
        Volatile.Write(ref stop, true);
        await Task.WhenAll(load);
        await agent.Process.WaitForExitAsync(Ct);
        Assert.Equal(0, agent.Process.ExitCode);
        Assert.Null(AccessJournal.Verify(agent.AccessLog).Break);
    }

    [Theory]
    [InlineData("755")]
    [InlineData("710")]
    [InlineData("701")]
    public async Task DataFolder_ThatOthersCanEnter_IsRefusedWithItsMend(string mode)
    {
        await using var agent = await AgentOnDisk.PrepareAsync(Generous);
        Assert.True(await RunAsync("chmod", mode, agent.Data));
        foreach (var verb in (string[][])[["run"], ["check"], ["log", "export"], ["rotate-key"]])
        {
            var (code, _, error) = await AgentProcess.RunAsync([.. verb, "--config", agent.Config]);
            Assert.Equal(2, code);
            Assert.Contains($"chmod 700 {agent.Data}", error, StringComparison.Ordinal);
        }
    }

    private static async Task<string> MetricsAsync(AgentOnDisk agent) => (await agent.GetAsync(new Uri(agent.Operators, "/metrics"))).Text;

    // NAME{labels} VALUE [time]
    private static double Figure(string metrics, string name) => double.Parse(
        System.Text.RegularExpressions.Regex.Match(metrics, $@"^{name}(\{{[^}}]*\}})? (\S+)", System.Text.RegularExpressions.RegexOptions.Multiline).Groups[2].Value, CultureInfo.InvariantCulture);

    private static void Generous(JsonObject file) => file["limits"] = new JsonObject { ["perPersonPerMinute"] = 1_000_000, ["perPersonPerHour"] = 1_000_000 };

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
