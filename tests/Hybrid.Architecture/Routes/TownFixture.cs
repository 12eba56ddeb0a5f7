using Hybrid.Architecture.Routes;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

[assembly: AssemblyFixture(typeof(TownFixture))]

namespace Hybrid.Architecture.Routes;

/// <summary>One running control plane with people in each role, and its routes; the rules only read it.</summary>
public sealed class TownFixture() : SharedTown(DatabaseProvider.Sqlite, 4)
{
    internal IReadOnlyList<Route> Routes { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Routes = RouteTable.Of(Host.Services);
    }
}
