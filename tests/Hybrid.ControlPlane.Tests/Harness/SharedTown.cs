using Hybrid.ControlPlane.Persistence;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>A town for all tests of a class: tests that leave no trace, or only in tasks that they took themselves.</summary>
public abstract class SharedTown(DatabaseProvider provider, int assets) : IAsyncLifetime
{
    private ControlPlaneHost? host;
    private Town? town;

    public ControlPlaneHost Host => host ?? Absent<ControlPlaneHost>();

    public Town Town => town ?? Absent<Town>();

    public virtual async ValueTask InitializeAsync()
    {
        // A fixture cannot skip; the tests that ask for it can.
        if (provider == DatabaseProvider.Postgres && (Environment.GetEnvironmentVariable("HYBRID_TEST_POSTGRES") is null || (this is PoolerTown && TestDatabase.Pooler is null))) return;
        host = await StartAsync();
        town = await Town.BuildAsync(host, assets);
    }

    private protected virtual Task<ControlPlaneHost> StartAsync() => ControlPlaneHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    private static T Absent<T>()
    {
        Assert.Skip("No PostgreSQL: run infra/test.sh, or set HYBRID_TEST_POSTGRES to an administrator's connection string.");
        return default;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteTown() : SharedTown(DatabaseProvider.Sqlite, 50);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgresTown() : SharedTown(DatabaseProvider.Postgres, 50);

/// <summary>On PostgreSQL, through PgBouncer in transaction mode.</summary>
public sealed class PoolerTown() : SharedTown(DatabaseProvider.Postgres, 50)
{
    private protected override Task<ControlPlaneHost> StartAsync() => ControlPlaneHost.StartThroughPoolerAsync();
}
