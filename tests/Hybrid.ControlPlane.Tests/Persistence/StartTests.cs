using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Hybrid.ControlPlane.Tests.Persistence;

/// <summary>Which databases the control plane serves from, and how its schema comes about.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("postgres", "is a superuser")]
    [InlineData(DatabaseRoles.Migrator, "owns tables")]
    [InlineData(DatabaseRoles.App, null)]
    public async Task ARoleThatPassesByRowSecurity_IsNotServedFrom(string role, string? because)
    {
        var database = await TestDatabase.PostgresAsync();
        await using var connection = await database.ConnectAsync(role);

        var refusal = await PrepareAsync(database with { App = connection.ConnectionString });

        if (because is null) Assert.Null(refusal);
        else Assert.Contains(because, refusal, StringComparison.Ordinal);
        Assert.Null(await PrepareAsync(database with { App = connection.ConnectionString }, "--Database:AllowUnconfinedRole=true"));
    }

    [Fact]
    public async Task ATableWithoutItsPolicy_IsNotServedFrom_UntilItIsMigrated()
    {
        var database = await TestDatabase.PostgresAsync();
        await using (var admin = await database.ConnectAsync("postgres")) await Sql.ExecuteAsync(admin, "alter table labels no force row level security; drop policy of_organization on drafts");

        Assert.Contains("Tables without row-level security: drafts, labels.", await PrepareAsync(database), StringComparison.Ordinal);
        Assert.Null(await PrepareAsync(database, "--MigrateAtStart=true"));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgres)]
    public async Task ANewerSchema_IsNotServedFrom(DatabaseProvider provider)
    {
        var file = Path.Combine(Path.GetTempPath(), $"hybrid-{Guid.NewGuid():N}.db");
        var database = provider == DatabaseProvider.Sqlite ? TestDatabase.Sqlite(file) : await TestDatabase.PostgresAsync();
        Assert.Null(await PrepareAsync(database));
        await using (var db = database.Open()) await db.Database.ExecuteSqlRawAsync("insert into \"__EFMigrationsHistory\" values ('29990101000000_FromTheFuture', '10.0.0')", TestContext.Current.CancellationToken);

        foreach (var migrates in new[] { "true", "false" })
            Assert.StartsWith("The database has 29990101000000_FromTheFuture, which this version does not know", await PrepareAsync(database, $"--MigrateAtStart={migrates}"), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task ReplicasThatStartTogether_MigrateOnce()
    {
        var database = await TestDatabase.EmptyPostgresAsync();
        var options = new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = database.App, MigrationConnectionString = database.Migrator };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Schema.MigrateAsync(options, default))));

        Assert.All(outcomes, o => Assert.Null(o.Refusal));
        Assert.Single(outcomes, o => o.Applied.Count > 0);
        Assert.Null(await PrepareAsync(database));
    }

    [Theory]
    [InlineData("Host=db.example.org", null)]
    [InlineData("Host=db.example.org;SSL Mode=Prefer", "allows an unencrypted connection")]
    [InlineData("Host=db.example.org;SSL Mode=Disable", "allows an unencrypted connection")]
    [InlineData("Host=127.0.0.1,db.example.org;SSL Mode=Disable", "allows an unencrypted connection")]
    [InlineData("Host=db.example.org;SSL Mode=VerifyFull", null)]
    [InlineData("Host=127.0.0.1;SSL Mode=Disable", null)]
    [InlineData("Host=localhost:5433", null)]
    [InlineData("Host=/run/postgresql;SSL Mode=Disable", null)]
    [InlineData("nonsense", "is no connection string")]
    public void BeyondLoopback_TlsIsRequired(string connection, string? mistake)
    {
        var options = new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = connection };

        if (mistake is null) Assert.Empty(options.Mistakes());
        else Assert.Contains(options.Mistakes(), m => m.Contains(mistake, StringComparison.Ordinal));
        if (mistake is not null && !mistake.StartsWith("is no", StringComparison.Ordinal)) Assert.Empty(new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = connection, AllowPlaintext = true }.Mistakes());
    }

    [Fact]
    public async Task BeyondLoopback_TheServersCertificateIsChecked_WhereNothingIsSaid()
    {
        await using var far = new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = "Host=db.example.org" }.Open();
        await using var near = new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = "Host=127.0.0.1" }.Open();

        Assert.Contains("SSL Mode=VerifyFull", far.Database.GetConnectionString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SSL Mode", near.Database.GetConnectionString(), StringComparison.Ordinal);
    }

    private static async Task<string?> PrepareAsync(TestDatabase database, params string[] more)
    {
        var builder = WebApplication.CreateBuilder([$"--Database:Provider={database.Provider}", $"--Database:ConnectionString={database.App}", $"--Database:MigrationConnectionString={database.Migrator}", .. more]);
        builder.Logging.ClearProviders();
        Assert.True(builder.TryAddControlPlane(out var mistakes), string.Join(' ', mistakes));
        await using var app = builder.Build();
        return await app.PrepareDatabaseAsync();
    }
}
