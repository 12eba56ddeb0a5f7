using System.Net;
using System.Net.Sockets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ServiceDefaults;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>The real control plane on a loopback port and a real database. Tests speak HTTP to it, as browsers and agents do.</summary>
public sealed class ControlPlaneHost : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly WebApplication app;
    private readonly string? file;

    private ControlPlaneHost(WebApplication app, Uri url, TestClock clock, TestDatabase database, string? file) => (this.app, Url, Clock, Database, this.file) = (app, url, clock, database, file);

    public Uri Url { get; }

    public TestClock Clock { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>The database, as each of its roles reaches it.</summary>
    public TestDatabase Database { get; }

    public static Task<ControlPlaneHost> StartAsync(DatabaseProvider provider, params string[] more) => StartAsync(provider, "http", null, more);

    /// <summary>The same on another scheme, or with something in front of it.</summary>
    public static async Task<ControlPlaneHost> StartAsync(DatabaseProvider provider, string scheme, Action<WebApplicationBuilder>? configure, params string[] more)
    {
        var file = provider == DatabaseProvider.Sqlite ? Path.Combine(Path.GetTempPath(), $"hybrid-{Guid.NewGuid():N}.db") : null;
        var database = file is not null ? TestDatabase.Sqlite(file) : await TestDatabase.PostgresAsync();
        var url = new Uri($"{scheme}://localhost:{FreePort()}");
        return await StartAsync(database, file, url, url, new TestClock(DateTimeOffset.UtcNow), configure, more);
    }

    /// <summary>On PostgreSQL behind PgBouncer in transaction mode; skips the test where none was started for the run.</summary>
    public static async Task<ControlPlaneHost> StartThroughPoolerAsync() => await StartOnAsync((await TestDatabase.PostgresAsync()).ThroughPooler());

    /// <summary>On a database of PostgreSQL that is there already.</summary>
    public static Task<ControlPlaneHost> StartOnAsync(TestDatabase database)
    {
        var url = new Uri($"http://localhost:{FreePort()}");
        return StartAsync(database, null, url, url, new TestClock(DateTimeOffset.UtcNow), null, []);
    }

    /// <summary>Another replica on the same database, behind the same public address.</summary>
    public Task<ControlPlaneHost> StartReplicaAsync(params string[] more) =>
        StartAsync(Database, null, new Uri($"http://localhost:{FreePort()}"), Url, Clock, null, more);

    private static async Task<ControlPlaneHost> StartAsync(
        TestDatabase database, string? file, Uri url, Uri publicUrl, TestClock clock, Action<WebApplicationBuilder>? configure, string[] more)
    {
        var builder = WebApplication.CreateBuilder(
            [$"--Database:Provider={database.Provider}", $"--Database:ConnectionString={database.App}", $"--Database:MigrationConnectionString={database.Migrator}", $"--PublicUrl={publicUrl}", $"--urls={url}", .. more]);
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("HYBRID_TEST_LOG") is not null) builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        // One for all hosts: EF keeps a model and its translated queries for each factory of loggers, and making them anew was most of a host's start.
        else builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        Assert.True(builder.TryAddControlPlane(out var mistakes), string.Join(" ", mistakes));
        builder.Services.AddSingleton<TimeProvider>(clock);
        // A thousand sign-ins would else be most of the run; how the product hashes is its configuration's own test.
        builder.Services.Configure<PasswordHasherOptions>(o => o.IterationCount = 1_000);
        configure?.Invoke(builder);
        var app = builder.Build();
        Assert.Null(await app.PrepareDatabaseAsync());
        app.UseControlPlane();
        Assert.Null(await app.OpenOperatorListenerAsync());
        await app.StartAsync();
        return new ControlPlaneHost(app, url, clock, database, file);
    }

    /// <summary>Makes an organization with its owner, as the verb does.</summary>
    public async Task<Guid> OrganizationAsync(string ownerEmail)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var organization = Organization.Create("Test", Clock.GetUtcNow());
        // Tests move the clock by hours with nobody at the page; how sessions end by themselves has tests of its own.
        organization.Secure(480, 24, null);
        await using var tenant = await TenantScope.OpenAsync(db, organization.Id, null, default);
        db.Organizations.Add(organization);
        var person = new Person { Id = Guid.CreateVersion7(), UserName = ownerEmail, Email = ownerEmail, DisplayName = "Olga Owner", CreatedAt = Clock.GetUtcNow() };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<Person>>().CreateAsync(person, Password)).Succeeded);
        db.OrganizationMembers.Add(OrganizationMember.Create(organization.Id, person.Id, OrganizationRole.Owner, Clock.GetUtcNow()));
        await tenant.CommitAsync(default);
        return organization.Id;
    }

    /// <summary>The audit log's acts of a project (or of all), oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(Guid? project = null)
    {
        await using var db = Database.Open();
        return await db.AuditEntries.IgnoreQueryFilters().AsNoTracking().Where(e => project == null || e.ProjectId == project).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync();
    }

    /// <summary>Signs a person in with a browser key of their own and unlocks the session.</summary>
    public async Task<BrowserSession> SignInAsync(string email)
    {
        var browser = new BrowserSession(this);
        await browser.SignInAsync(email, Password);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (file is not null) File.Delete(file);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
