using System.Diagnostics;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.Benchmarks.Work;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Projects;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hybrid.Benchmarks.People;

/// <summary>
/// What isolation costs and gives away: a foreign project's answer against that for none, the check of a role, row-level security on claim
/// and submit, and lists of many against lists of few. PostgreSQL, each figure with its other half in turns.
/// </summary>
internal sealed class PeopleArea : IArea
{
    private const int Pairs = 300;
    private const int Rounds = 12;
    private const int Operations = 160;

    public string Name => "people";

    public string Summary => "foreign against nonexistent, the check of a role, row-level security on claim and submit, lists of 10,000 against 100; PostgreSQL";

    public async Task RunAsync(CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable("HYBRID_BENCH_POSTGRES") is not { Length: > 0 } admin) throw new InvalidOperationException("Set HYBRID_BENCH_POSTGRES, or run infra/bench.sh people.");
        await TimingAsync(admin, ct);
        await CheckAsync(admin);
        await ListsAsync(admin, ct);
        await RowSecurityAsync(admin, claim: true, ct);
        await RowSecurityAsync(admin, claim: false, ct);
    }

    /// <summary>Over HTTP, as an outsider would measure: GET of a project that is somebody else's, and of one that is not there, in turns.</summary>
    private static async Task TimingAsync(string admin, CancellationToken ct)
    {
        await using var installation = new Installation();
        await installation.StartControlPlaneAsync(null, ct, await PostgresDatabase.MakeAsync(admin));
        var foreign = (await installation.Owner.PostAsync("/api/projects", new { name = "Somebody else's" })).GetProperty("id").GetGuid();
        await installation.Owner.PostAsync("/api/people", new { email = "stranger@bench.example", name = "Stranger", role = "member", password = Installation.Password });
        using var stranger = new Hybrid.Demo.Browser(installation.Url);
        await stranger.SignInAsync("stranger@bench.example", Installation.Password);
        var (there, nowhere) = (new List<double>(), new List<double>());
        for (var i = -200; i < Pairs; i++)
        {
            // Which of the two comes first changes, too.
            var (a, b) = (0.0, 0.0);
            if (i % 2 == 0) a = await RefusedAsync(stranger, foreign);
            b = await RefusedAsync(stranger, Guid.NewGuid());
            if (i % 2 != 0) a = await RefusedAsync(stranger, foreign);
            if (i < 0) continue;
            there.Add(a);
            nowhere.Add(b);
        }

        var (foreignMs, missingMs) = (Median.Of(there), Median.Of(nowhere));
        var apart = Math.Abs(foreignMs - missingMs);
        Report.Table($"people: {Pairs} interleaved warm pairs over HTTP", ["foreign project, median ms", "nonexistent, median ms", "apart (target < 5 % or 0.3 ms)"],
            [[Report.Number(foreignMs), Report.Number(missingMs), $"{apart:F3} ms, {100 * apart / missingMs:F1} %: {(apart < 0.3 || apart < 0.05 * missingMs ? "met" : "**missed**")}"]]);
    }

    private static async Task<double> RefusedAsync(Hybrid.Demo.Browser browser, Guid project)
    {
        var began = Stopwatch.GetTimestamp();
        if (await browser.StatusAsync($"/api/projects/{project}") != 404) throw new InvalidOperationException("A stranger was not answered 404.");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>The decision alone, and what the look at one's place in the project adds within a request's transaction.</summary>
    private static async Task CheckAsync(string admin)
    {
        var database = await PostgresDatabase.MakeAsync(admin);
        var recorder = new StatementRecorder();
        await using var town = WorkTown.Host(database, recorder);
        await town.FillAsync(people: 100, tasks: 10);
        var decision = Contest.Run(15, new Contender("decision", n =>
        {
            for (var i = 0; i < n; i++) AccessTable.Allows(ProjectRole.Labeler, Acts.TaskWork);
        }))[0].Nanoseconds / 1000;
        var times = new List<double>();
        var statements = 0;
        for (var i = 0; i < 3000; i++)
        {
            await using var services = town.Services.CreateAsyncScope();
            services.ServiceProvider.GetRequiredService<SignedInPerson>().Become(town.People[0], town.Organization.Id);
            var access = services.ServiceProvider.GetRequiredService<ProjectAccess>();
            await using var scope = await TenantScope.OpenAsync(services.ServiceProvider.GetRequiredService<ControlPlaneDb>(), town.Organization.Id, null, default);
            recorder.Begin();
            var began = Stopwatch.GetTimestamp();
            if (await access.RoleInAsync(town.Project.Id, default) != ProjectRole.Labeler) throw new InvalidOperationException("The role was not found.");
            if (i >= 1000) times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            statements = recorder.Statements.Count;
        }

        Report.Table("people: the check of a role, with the session loaded", ["route", "queries (target 0)", "adds, median µs"],
        [
            ["of the organization", "0: met", Report.Against(decision, 50, atLeast: false, " µs")],
            ["of a project", statements == 0 ? "0: met" : $"{statements}: **missed**", Report.Against(Median.Of(times), 50, atLeast: false, " µs")],
        ]);
    }

    /// <summary>The same operations by the same role, with policies and without them, in turns.</summary>
    private static async Task RowSecurityAsync(string admin, bool claim, CancellationToken ct)
    {
        var database = await PostgresDatabase.MakeAsync(admin, poolSize: 40);
        var administrator = PostgresDatabase.AdminOf(database, admin);
        await using var town = WorkTown.Host(database);
        await town.FillAsync(people: Operations, tasks: 5000);
        await using var stage = new Stage(DatabaseProvider.Postgres, administrator, town, claim);
        List<string> tables;
        await using (var db = database.Open()) tables = [.. RowSecurity.Tables(db.Model).Keys];
        var (with, without, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -4; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            Console.Error.Write($"\rpeople, {(claim ? "claim" : "submit")}: round {round + 1} of {Rounds} ");
            var bare = await ThroughputAsync(false);
            var bound = await ThroughputAsync(true);
            if (round < 0) continue;
            without.Add(bare);
            with.Add(bound);
            ratios.Add(bound / bare);
        }

        Report.Table($"people: row-level security on {(claim ? "claim" : "submit")}, one connection", ["without policies, operations/s", "with, operations/s", "costs"],
            [[Report.Number(Median.Of(without)), Report.Number(Median.Of(with)), Report.Against(100 * (1 - Median.Of(ratios)), 10, atLeast: false, " %")]]);

        async Task<double> ThroughputAsync(bool secured)
        {
            await ExecuteAsync(administrator, string.Join(';', tables.Select(t => $"alter table {t} {(secured ? "enable" : "disable")} row level security")));
            await stage.ResetAsync(Operations);
            // Plans are made anew after the change: not within what is measured.
            for (var i = 0; i < 40; i++) await OperateAsync(i);
            var began = Stopwatch.GetTimestamp();
            for (var i = 40; i < Operations; i++) await OperateAsync(i);
            return (Operations - 40) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        async Task OperateAsync(int i)
        {
            var subject = stage.SubjectOf(i);
            if (claim) await town.SendAsync(subject.Person, new NextTask.Command(town.Project.Id, WorkKind.Label, 2));
            else await town.SendAsync(subject.Person, new SubmitLabel.Command(town.Project.Id, subject.Tasks[0], Work.Documents.Label, 30_000, Guid.NewGuid().ToString()));
        }
    }

    /// <summary>The first page of 50, with its total.</summary>
    private static async Task ListsAsync(string admin, CancellationToken ct)
    {
        var rows = new List<IReadOnlyList<string>>();
        await using var few = await CityAsync(admin, 100);
        await using var many = await CityAsync(admin, 10_000);
        rows.Add(await ListAsync("members of a project", town => new ListMembers.Query(town.Project.Id, null, 50, null)));
        rows.Add(await ListAsync("one's projects", _ => new ListProjects.Query(null, 50, null)));
        Report.Table("people: lists of 10,000 against lists of 100", ["list", "of 100, median ms", "of 10,000, median ms", "ratio"], rows);

        async Task<IReadOnlyList<string>> ListAsync<T>(string title, Func<WorkTown, IRequest<Result<T>>> query)
        {
            var (small, large) = (new List<double>(), new List<double>());
            for (var i = -30; i < 150; i++)
            {
                ct.ThrowIfCancellationRequested();
                var (a, b) = (await TimeAsync(few), await TimeAsync(many));
                if (i < 0) continue;
                small.Add(a);
                large.Add(b);
            }

            return [title, Report.Number(Median.Of(small)), Report.Number(Median.Of(large)), Report.Against(Median.Of(large) / Median.Of(small), 2, atLeast: false)];

            async Task<double> TimeAsync(WorkTown town)
            {
                var began = Stopwatch.GetTimestamp();
                await town.SendAsync(town.People[0], query(town));
                return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }
    }

    // The first person is in as many projects as there are people in the town's own.
    private static async Task<WorkTown> CityAsync(string admin, int size)
    {
        var database = await PostgresDatabase.MakeAsync(admin);
        var town = WorkTown.Host(database);
        await town.FillAsync(people: 1, tasks: 1);
        var now = DateTimeOffset.UtcNow;
        await using (var services = town.Services.CreateAsyncScope())
        {
            var db = services.ServiceProvider.GetRequiredService<ControlPlaneDb>();
            await using var scope = await TenantScope.OpenAsync(db, town.Organization.Id, null, default);
            var people = Enumerable.Range(1, size - 1).Select(i => new Person { Id = Guid.CreateVersion7(now), UserName = $"m{i}", NormalizedUserName = $"M{i}", Email = $"m{i}@bench.example", NormalizedEmail = $"M{i}@BENCH.EXAMPLE", DisplayName = $"Member {i:D5}", CreatedAt = now }).ToList();
            await BulkInsert.AddAsync(db, people, default);
            await BulkInsert.AddAsync(db, [.. people.Select(p => OrganizationMember.Create(town.Organization.Id, p.Id, OrganizationRole.Member, now))], default);
            await BulkInsert.AddAsync(db, [.. people.Select(p => ProjectMember.Create(town.Organization.Id, town.Project.Id, p.Id, ProjectRole.Labeler, now))], default);
            var projects = Enumerable.Range(1, size - 1).Select(i => Project.Create(town.Organization.Id, $"Project {i:D5}", "", stepSeparation: true, now)).ToList();
            await BulkInsert.AddAsync(db, projects, default);
            await BulkInsert.AddAsync(db, [.. projects.Select(p => ProjectMember.Create(town.Organization.Id, p.Id, town.People[0], ProjectRole.ProjectAdmin, now))], default);
            await scope.CommitAsync(default);
        }

        var administrator = PostgresDatabase.AdminOf(database, admin);
        await ExecuteAsync(administrator, $"update project_members set role = {(int)ProjectRole.ProjectAdmin} where person_id = '{town.People[0]}'");
        await ExecuteAsync(administrator, "vacuum analyze");
        return town;
    }

    private static async Task ExecuteAsync(string administrator, string sql)
    {
        await using var source = NpgsqlDataSource.Create(administrator);
#pragma warning disable CA2100 // Written above.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
