using Hybrid.Architecture.Routes;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

[assembly: AssemblyFixture(typeof(TownFixture))]

namespace Hybrid.Architecture.Routes;

/// <summary>One running control plane with people in each role, and its routes; the rules only read it.</summary>
public sealed class TownFixture : IAsyncLifetime
{
    internal ControlPlaneHost Host { get; private set; } = null!;

    internal Town Town { get; private set; } = null!;

    internal IReadOnlyList<Route> Routes { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        Town = await Town.BuildAsync(Host, 4);
        Routes = RouteTable.Of(Host.Services);
    }

    public async ValueTask DisposeAsync()
    {
        if (Town is not null) await Town.DisposeAsync();
        if (Host is not null) await Host.DisposeAsync();
    }
}
