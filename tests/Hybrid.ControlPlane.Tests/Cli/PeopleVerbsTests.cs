using System.Diagnostics;
using ClosedXML.Excel;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Cli;

/// <summary>The program <c>hybrid</c> against the real host: what a dry run says is what a run does.</summary>
public abstract class PeopleVerbsTests(DatabaseProvider provider) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-cli-").FullName;
    private ControlPlaneHost host = null!;
    private Town town = null!;
    private string key = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 1);
        key = await KeyAsync("people.manage");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task List_IsJudged_ThenDone_ThenFoundDone_ThenTakenBack()
    {
        var list = Write("list.csv", "E-Mail;Name;Project;Role;Team\nnina@example.org;Nina New;Boats;labeler;\nomar@example.org;Omar;Boats;captain;\n");

        var check = await RunAsync(["people", "add", list, "--dry-run"]);
        Assert.True(check.Code == 1, check.ToString());
        Assert.Equal(
            ["2\tchanges\tnina@example.org\tBoats\tlabeler\t\tperson.new member.new", "3\trefused\tomar@example.org\tBoats\tcaptain\t\trole.unknown", "1 to do, 0 so already, 1 refused. Nothing was changed."],
            check.Lines);
        Assert.Equal(0, await PeopleAsync("nina"));

        var done = await RunAsync(["people", "add", list]);
        Assert.True(done.Code == 1, done.ToString());
        Assert.Equal(["3\trefused\trole.unknown", "1 done, 0 so already, 1 refused."], done.Lines);
        Assert.Contains("2 of 2", done.Error, StringComparison.Ordinal);
        Assert.Equal(1, await PeopleAsync("nina"));

        var right = Write("right.csv", "nina@example.org,Nina New,Boats,labeler,\n");
        var again = await RunAsync(["people", "add", right]);
        Assert.True(again.Code == 0, again.ToString());
        Assert.Equal(["0 done, 1 so already, 0 refused."], again.Lines);

        var removed = await RunAsync(["people", "remove", right]);
        Assert.True(removed.Code == 0, removed.ToString());
        Assert.Equal(["1 done, 0 so already, 0 refused."], removed.Lines);
    }

    [Fact]
    public async Task Workbook_IsTaken_WhateverItsName_WithTheKeyFromAFile()
    {
        var file = Path.Combine(folder, "people.list");
        using (var workbook = new XLWorkbook())
        {
            var sheet = workbook.AddWorksheet();
            sheet.Cell(1, 1).Value = "e-mail";
            sheet.Cell(1, 2).Value = "name";
            for (var row = 2; row <= 301; row++) (sheet.Cell(row, 1).Value, sheet.Cell(row, 2).Value) = ($"row{row}@example.org", $"Row {row}");
            await using var stream = File.Create(file);
            workbook.SaveAs(stream);
        }

        var keyFile = Write("key", key + "\n");
        var done = await RunAsync(["people", "add", file, "--key-file", keyFile], environmentKey: null);

        Assert.True(done.Code == 0, done.ToString());
        Assert.Equal(["300 done, 0 so already, 0 refused."], done.Lines);
        Assert.DoesNotContain(key, done.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeDone_EndsWithTwo_AndSaysTheRemedy()
    {
        var list = Write("list.csv", "nina@example.org,Nina New,,,\n");
        var latin = Path.Combine(folder, "latin.csv");
        await File.WriteAllBytesAsync(latin, [.. "a@example.org,Zo"u8, 0xEB, (byte)'\n'], TestContext.Current.CancellationToken);
        var weak = await KeyAsync("organization.use");

        await FailsAsync(await RunAsync(["people", "add", list], environmentKey: null), "There is no API key.");
        await FailsAsync(await RunAsync(["people", "add", list], environmentKey: "secret"), "This is no API key of Hybrid");
        await FailsAsync(await RunAsync(["people", "add", list], environmentKey: weak), "(key.scope)");
        await FailsAsync(await RunAsync(["people", "add", list], environmentKey: "hyk1_000000000000_" + new string('a', 43)), "(key.refused)");
        await FailsAsync(await RunAsync(["people", "add", Path.Combine(folder, "none.csv")]), "The list cannot be read");
        await FailsAsync(await RunAsync(["people", "add", latin]), "neither CSV in UTF-8 nor an .xlsx");
        await FailsAsync(await RunAsync(["people", "add", Write("empty.csv", "\n")]), "The list has no lines.");
        await FailsAsync(await RunAsync(["people", "add", Write("head.csv", "e-mail,name\n")]), "(sheet.empty)");
        await FailsAsync(await RunAsync(["people", "add", list, "--url", "http://hybrid.example.org"]), "Over http the key could be read");
        await FailsAsync(await RunAsync(["people", "add", list, "--url", "http://127.0.0.1:9"]), "cannot be reached");
        await FailsAsync(await RunAsync(["people", "add", list, "--url", "ftp://hybrid.example.org"]), "not one with https://");
        Assert.Equal(0, await PeopleAsync("nina"));
    }

    [Fact]
    public async Task AStrangersList_DoesNotSteerTheTerminal()
    {
        var check = await RunAsync(["people", "add", Write("list.csv", "\"a\u001b[2J@example.org\",\"N\",\"No\u0007where\",labeler,\n"), "--dry-run"]);

        Assert.Equal(1, check.Code);
        Assert.DoesNotContain(check.Output, c => c is '\u001b' or '\u0007');
    }

    private static Task FailsAsync(Outcome outcome, string says)
    {
        Assert.True(outcome.Code == 2 && outcome.Output.Length == 0 && outcome.Error.Contains(says, StringComparison.Ordinal), outcome.ToString());
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private Task<Outcome> RunAsync(string[] arguments) => RunAsync(arguments, key);

    private async Task<Outcome> RunAsync(string[] arguments, string? environmentKey)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "hybrid.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HYBRID_URL"] = host.Url.ToString();
        start.Environment["HYBRID_API_KEY"] = environmentKey;
        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Outcome(program.ExitCode, await output, await error);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private async Task<string> KeyAsync(params string[] scopes)
    {
        var account = (await town.Owner.PostAsync("/api/service-accounts", new { name = "Onboarding", role = "admin" })).GetProperty("id").GetGuid();
        await town.Owner.PostAsync($"/api/projects/{town.Project}/members", new { personId = account, role = "projectAdmin" });
        return (await town.Owner.PostAsync($"/api/service-accounts/{account}/keys", new { name = "CLI", scopes, expiresAt = host.Clock.GetUtcNow().AddDays(30) })).GetProperty("key").GetString()!;
    }

    private async Task<int> PeopleAsync(string search) => (await town.Owner.GetAsync($"/api/people?search={search}")).GetProperty("items").GetArrayLength();

    private sealed record Outcome(int Code, string Output, string Error)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>On SQLite.</summary>
public sealed class PeopleVerbsOnSqliteTests() : PeopleVerbsTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PeopleVerbsOnPostgresTests() : PeopleVerbsTests(DatabaseProvider.Postgres);
