using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hybrid.ControlPlane.Tests.Persistence;

/// <summary>Two organizations in one database, one of them with rows in nearly every table.</summary>
public sealed class TwoTowns() : SharedTown(DatabaseProvider.Postgres, 4)
{
    /// <summary>The organization of the town.</summary>
    public Guid Here { get; private set; }

    /// <summary>The other one, which has a project of its own.</summary>
    public Guid There { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Environment.GetEnvironmentVariable("HYBRID_TEST_POSTGRES") is null) return;
        var task = (await Town.NextAsync(Town.Ana))!.Value.GetProperty("id").GetGuid();
        await Town.Ana.SendAsync(HttpMethod.Put, $"{Town.Tasks}/{task}/draft", new { document = Town.Label(), revision = 1, activeMs = 1 });
        await BrowserSession.OkAsync(await Town.Ana.SendAsync(HttpMethod.Post, $"{Town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 1 }, "submit-1"));
        Here = await OneAsync("select organization_id from projects limit 1");
        There = await Host.OrganizationAsync("owner-there@example.org");
        using var owner = await Host.SignInAsync("owner-there@example.org");
        await owner.PostAsync("/api/projects", new { name = "Elsewhere" });
    }

    /// <summary>A value that the administrator sees.</summary>
    public async Task<Guid> OneAsync(string sql)
    {
        await using var admin = new NpgsqlConnection(Host.Database.Admin);
        await admin.OpenAsync();
        return (Guid)(await Sql.ScalarAsync(admin, sql))!;
    }
}

/// <summary>What PostgreSQL itself keeps apart, whatever the product forgets.</summary>
public sealed class RowSecurityTests(TwoTowns towns) : IClassFixture<TwoTowns>
{
    // The design's own list: what is of the installation, and what of no organization.
    private static readonly string[] OfInstallation = ["__EFMigrationsHistory", "answered_challenges", "data_protection_keys", "grant_keys", "known_devices", "passkeys", "password_reset_requests", "people", "recovery_codes", "sign_in_delays", "user_claims", "user_logins", "user_tokens"];

    [Fact]
    public async Task EveryTableOfTheModel_HasItsPolicy()
    {
        await using var admin = await towns.Host.Database.ConnectAsync("postgres");

        var bare = await Sql.ListAsync(admin, """
            select c.relname from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
              and not (c.relrowsecurity and c.relforcerowsecurity
                and exists (select 1 from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname and p.policyname = 'of_organization' and p.cmd = 'ALL' and p.roles = '{public}'
                  and p.qual like '%organization_id = %hybrid.organization%' or p.tablename = 'organizations' and p.qual like '%id = %hybrid.organization%')
                and exists (select 1 from pg_policies p where p.tablename = c.relname and p.with_check = p.qual and p.policyname = 'of_organization'))
            """);

        Assert.Equal(OfInstallation.Order(StringComparer.Ordinal), bare.Order(StringComparer.Ordinal));
        Assert.True(Tables.Count >= 20, $"Only {Tables.Count} tables.");
    }

    [Theory]
    [InlineData(DatabaseRoles.App)]
    [InlineData(DatabaseRoles.Reader)]
    [InlineData(DatabaseRoles.Migrator)]
    public async Task WithoutAScope_NoRowIsSeen(string role)
    {
        await using var connection = await towns.Host.Database.ConnectAsync(role);
        if (role != DatabaseRoles.Migrator) await Sql.ExecuteAsync(connection, "set hybrid.all_organizations = 'on'"); // The owner's word alone.

        foreach (var table in Tables) Assert.Equal(0L, await Sql.ScalarAsync(connection, $"select count(*) from {table}"));
    }

    [Fact]
    public async Task InAScope_OnlyTheOrganizationsOwnRowsAreSeen()
    {
        await using var admin = await towns.Host.Database.ConnectAsync("postgres");
        await using var app = await towns.Host.Database.ConnectAsync(DatabaseRoles.App);
        await Sql.ExecuteAsync(app, $"set hybrid.organization = '{towns.Here}'");
        var seen = 0;

        foreach (var table in Tables)
        {
            var column = table == "organizations" ? "id" : "organization_id";
            var own = (long)(await Sql.ScalarAsync(admin, $"select count(*) from {table} where {column} = '{towns.Here}'"))!;
            Assert.Equal(own, await Sql.ScalarAsync(app, $"select count(*) from {table}"));
            Assert.Equal(0L, await Sql.ScalarAsync(app, $"select count(*) from {table} where {column} = '{towns.There}'"));
            if (own > 0) seen++;
        }

        Assert.True(seen >= 16, $"Only {seen} tables have rows: the test proves little.");
    }

    [Fact]
    public async Task WithoutFilters_AnotherOrganizationsRowsStayAway()
    {
        var forgotten = new WithoutFilters();
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Postgres, "http", b => b.Services.ConfigureDbContext<ControlPlaneDb>(o => o.AddInterceptors(forgotten)));

        Assert.Equal((1, 404), await LookAroundAsync(host));
        Assert.True(forgotten.Queries > 10, "The filters were not taken away.");
    }

    [Fact]
    public async Task WithoutFilters_SqliteShowsThem()
    {
        // The same without PostgreSQL's policies: what the test above would see if they did not hold.
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, "http", b => b.Services.ConfigureDbContext<ControlPlaneDb>(o => o.AddInterceptors(new WithoutFilters())));

        var (agents, _) = await LookAroundAsync(host);

        Assert.Equal(2, agents);
    }

    [Fact]
    public async Task AnotherOrganizationsRow_CannotBeWritten()
    {
        await using var scope = towns.Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        await using (await TenantScope.OpenAsync(db, towns.Here, null, TestContext.Current.CancellationToken))
        {
            db.Projects.Add(Project.Create(towns.There, "Smuggled", "", stepSeparation: true, DateTimeOffset.UtcNow));
            Refused(await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken)));
        }

        await using (await TenantScope.OpenAsync(db, towns.Here, null, TestContext.Current.CancellationToken))
        {
            Refused(await Assert.ThrowsAsync<PostgresException>(() => BulkInsert.AddAsync(db, [Project.Create(towns.There, "Smuggled", "", stepSeparation: true, DateTimeOffset.UtcNow)], TestContext.Current.CancellationToken)));
        }

        await using (await TenantScope.OpenAsync(db, towns.Here, null, TestContext.Current.CancellationToken))
        {
            Refused(await Assert.ThrowsAsync<PostgresException>(() => db.Projects.ExecuteUpdateAsync(p => p.SetProperty(x => x.OrganizationId, towns.There), TestContext.Current.CancellationToken)));
        }

        await using (await TenantScope.OpenAsync(db, towns.Here, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(0, await db.Projects.IgnoreQueryFilters().Where(p => p.OrganizationId == towns.There).ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(DatabaseRoles.App, "alter table projects disable row level security")]
    [InlineData(DatabaseRoles.App, "alter table projects no force row level security")]
    [InlineData(DatabaseRoles.App, "drop policy of_organization on projects")]
    [InlineData(DatabaseRoles.App, "create policy mine on projects using (true)")]
    [InlineData(DatabaseRoles.App, "set role hybrid_migrator")]
    [InlineData(DatabaseRoles.App, "alter role hybrid_app bypassrls")]
    [InlineData(DatabaseRoles.App, "create table mine (id int)")]
    [InlineData(DatabaseRoles.App, "create temporary table mine (id int)")]
    [InlineData(DatabaseRoles.App, "truncate audit_entries")]
    [InlineData(DatabaseRoles.App, "delete from audit_entries")]
    [InlineData(DatabaseRoles.App, "update audit_entries set act = 'nothing'")]
    [InlineData(DatabaseRoles.App, "delete from \"__EFMigrationsHistory\"")]
    [InlineData(DatabaseRoles.Reader, "update projects set name = ''")]
    [InlineData(DatabaseRoles.Reader, "select token_hash from sessions")]
    [InlineData(DatabaseRoles.Reader, "select 1 from people")]
    [InlineData(DatabaseRoles.Reader, "select 1 from grant_keys")]
    [InlineData(DatabaseRoles.Reader, "select 1 from passkeys")]
    [InlineData(DatabaseRoles.Reader, "select * from door_every_organization()")]
    public async Task Roles_MayNot(string role, string sql)
    {
        await using var connection = await towns.Host.Database.ConnectAsync(role);

        Refused(await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(connection, sql)));
    }

    [Fact]
    public async Task Doors_ShowWhatBelongsToTheirKey()
    {
        await using var scope = towns.Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var ct = TestContext.Current.CancellationToken;
        await using var admin = towns.Host.Database.Open();
        var session = await admin.Sessions.IgnoreQueryFilters().FirstAsync(ct);

        Assert.Equal(session.Id, (await db.Through(Doors.SessionOfToken, session.TokenHash).SingleAsync(ct)).Id);
        Assert.Empty(await db.Through(Doors.SessionOfToken, new byte[32]).ToListAsync(ct));
        Assert.Equal(session.PersonId, (await db.Through(Doors.MemberOfSession, session.TokenHash).SingleAsync(ct)).PersonId);
        Assert.Empty(await db.Sessions.IgnoreQueryFilters().ToListAsync(ct));
        Assert.Empty(await db.Through(Doors.OpenImports).ToListAsync(ct));
        Assert.Equal(2, await db.Through(Doors.EveryOrganization).CountAsync(ct));
    }

    [Fact]
    public void Filters_AreLeftOutByDoorsAlone()
    {
        var control = Path.Combine(ReferenceFiles.RepositoryRoot, "control-plane");
        var files = Directory.EnumerateFiles(control, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal));

        // And by the move of an installation, which is the schema's owner.
        Assert.Equal(["Door.cs", "InstallationMove.cs"], files.Where(f => File.ReadAllText(f).Contains("IgnoreQueryFilters", StringComparison.Ordinal)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private IReadOnlyCollection<string> Tables
    {
        get
        {
            using var db = towns.Host.Database.Open();
            return [.. RowSecurity.Tables(db.Model).Keys];
        }
    }

    // How many agents the owner of a second organization sees, and what a foreign agent answers.
    private static async Task<(int Agents, int Foreign)> LookAroundAsync(ControlPlaneHost host)
    {
        await host.OrganizationAsync("owner-here@example.org");
        using var here = await host.SignInAsync("owner-here@example.org");
        var agent = (await here.PostAsync("/api/agents", new { name = "here" })).GetProperty("id").GetGuid();
        await host.OrganizationAsync("owner-there@example.org");
        using var there = await host.SignInAsync("owner-there@example.org");
        await there.PostAsync("/api/agents", new { name = "there" });

        var seen = (await there.GetAsync("/api/agents")).GetProperty("items").GetArrayLength();
        using var foreign = await there.Http.GetAsync(new Uri(host.Url, $"/api/agents/{agent}"));
        return (seen, (int)foreign.StatusCode);
    }

    private static void Refused(Exception refusal) =>
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.IsType<PostgresException>(refusal is DbUpdateException ? refusal.InnerException : refusal).SqlState);
}

/// <summary>Statements past the product.</summary>
internal static class Sql
{
#pragma warning disable CA2100 // Tests write their own statements.
    public static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
#pragma warning restore CA2100
}
