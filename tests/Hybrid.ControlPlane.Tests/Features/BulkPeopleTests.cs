using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using ClosedXML.Excel;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Many people at once: what a dry run says is what a job does, once.</summary>
public abstract class BulkPeopleTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 4);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task List_IsJudgedLineByLine_ThenDone_AndDoneAgainChangesNothing()
    {
        await town.Owner.PostAsync("/api/teams", new { name = "Night" });
        var ana = await EmailOfAsync(town.Ana);
        var owner = await EmailOfAsync(town.Owner);
        var foreign = (await town.Owner.PostAsync("/api/people", new { email = $"{Guid.NewGuid():N}@example.org", name = "Other", role = "admin", password = ControlPlaneHost.Password })).GetProperty("name").GetString();
        Assert.Equal("Other", foreign);
        var list = string.Join('\n',
            "E-Mail;Name;Project;Role;Team",
            "nina@example.org;Nina New;Boats;labeler;night",
            "nina@example.org;Nina New;boats;Labeler;Night",
            $"{ana.ToUpperInvariant()};;Boats;reviewer;",
            $"{owner};;Boats;labeler;",
            "no address;X;Boats;labeler;",
            "omar@example.org;;;;",
            "omar@example.org;Omar;Nowhere;labeler;",
            "omar@example.org;Omar;Boats;captain;",
            "omar@example.org;Omar;;;Day");

        var check = await town.Owner.PostAsync("/api/people-jobs/check", new { kind = "add", format = "csv", content = list });
        var job = await RunAsync("add", list);

        string[] expected = ["person.new member.new team.joins", "", "member.role", "member.last_admin", "email.invalid", "name.missing", "project.unknown", "role.unknown", "team.unknown"];
        Assert.Equal(expected, check.GetProperty("lines").EnumerateArray().Select(l => string.Join(' ', l.GetProperty("codes").EnumerateArray().Select(c => c.GetString()))));
        Assert.Equal((2, 1, 6), (check.GetProperty("changes").GetInt32(), check.GetProperty("unchanged").GetInt32(), check.GetProperty("refused").GetInt32()));
        Assert.Equal((2, 1, 6), Counts(job));
        Assert.Equal([5, 6, 7, 8, 9, 10], job.GetProperty("refused").EnumerateArray().Select(v => v.GetProperty("number").GetInt32()));
        Assert.Equal((0, 3, 6), Counts(await RunAsync("add", list)));
        var nina = (await town.Owner.GetAsync("/api/people?search=nina")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("invited", "member", 1), (nina.GetProperty("status").GetString(), nina.GetProperty("role").GetString(), nina.GetProperty("projects").GetInt32()));
        Assert.Equal("reviewer", (await town.Ana.GetAsync($"/api/projects/{town.Project}")).GetProperty("role").GetString());
        Assert.Single(await host.AuditAsync(), e => e.Act == AuditActs.PersonInvited);
        await using var db = host.Database.Open();
        Assert.All(await db.PeopleJobs.IgnoreQueryFilters().AsNoTracking().ToListAsync(TestContext.Current.CancellationToken), j => Assert.True(j.Lines is null && !j.Verdicts.Contains('@', StringComparison.Ordinal)));
        Assert.Single(await db.OrganizationMembers.IgnoreQueryFilters().Where(m => m.InvitationWantedAt != null).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task List_WorksByTheRightsOfTheOneWhoAsks()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        await town.Owner.PostAsync("/api/people", new { email, name = "Adam", role = "admin", password = ControlPlaneHost.Password });
        using var admin = await host.SignInAsync(email);
        await using var elsewhere = await Town.BuildAsync(host, 1);
        var ana = await EmailOfAsync(town.Ana);

        var add = await admin.PostAsync("/api/people-jobs/check", new { kind = "add", format = "csv", content = $"{email},Adam,Boats,labeler\n{await EmailOfAsync(elsewhere.Ana)},Foreign" });
        var remove = await admin.PostAsync("/api/people-jobs/check", new { kind = "remove", format = "csv", content = $"{ana},,{town.Project}\n{ana},,{elsewhere.Project}\n{await EmailOfAsync(elsewhere.Ana)},,Boats" });

        Assert.Equal(["project.not_yours", "address.taken"], Codes(add));
        Assert.Equal(["member.removed", "project.unknown", "person.unknown"], Codes(remove));
    }

    [Fact]
    public async Task Removing_TwentyFromSixProjects_IsOneList_AndTheirLeasesEnd()
    {
        var projects = new List<string>();
        for (var at = 0; at < 6; at++)
        {
            await town.Owner.PostAsync("/api/projects", new { name = $"P{at}", connectionIds = Array.Empty<Guid>() });
            projects.Add($"P{at}");
        }

        var people = Enumerable.Range(0, 20).Select(p => $"p{p}@bulk.example.org").ToList();
        Assert.Equal((120, 0, 0), Counts(await RunAsync("add", string.Join('\n', people.SelectMany(p => projects.Select(x => $"{p}\t{p}\t{x}\tlabeler"))))));
        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();

        var done = await RunAsync("remove", string.Join('\n', people.SelectMany(p => projects.Select(x => $"{p},,{x}")).Append($"{await EmailOfAsync(town.Ana)},,Boats")));

        Assert.Equal((121, 0, 0), Counts(done));
        Assert.Equal(1, (await town.Owner.GetAsync("/api/organization/projects?search=P3")).GetProperty("items")[0].GetProperty("members").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim")).StatusCode);
    }

    [Fact]
    public async Task Workbook_IsRead_ItsFormulasAreNot_AndASwollenOneIsRefused()
    {
        using var workbook = new XLWorkbook();
        var sheet = workbook.AddWorksheet("People");
        (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value, sheet.Cell(1, 3).Value, sheet.Cell(1, 4).Value) = ("Name", "E-mail", "Role", "Project");
        (sheet.Cell(2, 1).Value, sheet.Cell(2, 2).Value, sheet.Cell(2, 3).Value, sheet.Cell(2, 4).Value) = ("Xena", "xena@example.org", "reviewer", "Boats");
        sheet.Cell(3, 1).Value = "Formula";
        sheet.Cell(3, 2).FormulaA1 = "CONCATENATE(\"evil\",\"@example.org\")";
        using var file = new MemoryStream();
        workbook.SaveAs(file);

        var check = await town.Owner.PostAsync("/api/people-jobs/check", new { kind = "add", format = "xlsx", content = Convert.ToBase64String(file.ToArray()) });

        Assert.Equal(["person.new member.new", "email.missing"], Codes(check));
        using var bomb = new MemoryStream();
        using (var zip = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var part = await zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.SmallestSize).OpenAsync(TestContext.Current.CancellationToken);
            for (var at = 0; at < 150; at++) await part.WriteAsync(new byte[1_000_000], TestContext.Current.CancellationToken);
        }

        await town.Owner.SendAsync(HttpMethod.Post, "/api/people-jobs/check", new { kind = "add", format = "xlsx", content = Convert.ToBase64String(bomb.ToArray()) }).IsProblemAsync(HttpStatusCode.BadRequest, "sheet.swollen");
        foreach (var content in new[] { "no base64!", Convert.ToBase64String("no zip"u8) })
        {
            await town.Owner.SendAsync(HttpMethod.Post, "/api/people-jobs", new { kind = "add", format = "xlsx", content }).IsProblemAsync(HttpStatusCode.BadRequest, "sheet.unreadable");
        }

        await town.Owner.SendAsync(HttpMethod.Post, "/api/people-jobs", new { kind = "add", format = "csv", content = string.Join('\n', Enumerable.Range(0, 10_002).Select(i => $"a{i}@example.org")) }).IsProblemAsync(HttpStatusCode.BadRequest, "sheet.too_many_lines");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/people-jobs", new { kind = "add", format = "csv", content = "email,name" }).IsProblemAsync(HttpStatusCode.BadRequest, "sheet.empty");
    }

    [Fact]
    public async Task TenThousand_AreOnboardedWithinTwentySeconds()
    {
        await town.Owner.PostAsync("/api/teams", new { name = "Night" });
        var list = string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"m{i}@many.example.org,Member {i},Boats,labeler,{(i % 2 == 0 ? "Night" : "")}"));
        var clock = Stopwatch.StartNew();

        var done = await RunAsync("add", list);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"10,000 members in {clock.Elapsed.TotalSeconds:0.0} s"));
        Assert.Equal((10_000, 0, 0), Counts(done));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
        Assert.Equal(10_005, (await town.Owner.GetAsync($"/api/projects/{town.Project}/members?limit=1")).GetProperty("total").GetInt32());
    }

    private async Task<JsonElement> RunAsync(string kind, string content)
    {
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var id = (await town.Owner.PostAsync("/api/people-jobs", new { kind, format = "csv", content })).GetProperty("id").GetGuid();
        var job = default(JsonElement);
        await Wait.UntilAsync(async () => (job = await town.Owner.GetAsync($"/api/people-jobs/{id}")).GetProperty("job").GetProperty("state").GetString() == "done");
        return job;
    }

    private static (int Changed, int Unchanged, int Refused) Counts(JsonElement job) =>
        (job.GetProperty("job").GetProperty("changed").GetInt32(), job.GetProperty("job").GetProperty("unchanged").GetInt32(), job.GetProperty("job").GetProperty("refused").GetInt32());

    private static IEnumerable<string> Codes(JsonElement check) => check.GetProperty("lines").EnumerateArray().Select(l => string.Join(' ', l.GetProperty("codes").EnumerateArray().Select(c => c.GetString())));

    private static async Task<string> EmailOfAsync(BrowserSession who) => (await who.GetAsync("/api/session")).GetProperty("email").GetString()!;
}

public sealed class BulkPeopleOnSqliteTests() : BulkPeopleTests(DatabaseProvider.Sqlite);

public sealed class BulkPeopleOnPostgresTests() : BulkPeopleTests(DatabaseProvider.Postgres);
