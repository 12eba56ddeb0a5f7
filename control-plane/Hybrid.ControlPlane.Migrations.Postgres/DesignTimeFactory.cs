using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Hybrid.ControlPlane.Migrations.Postgres;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model as PostgreSQL has it; never opens a database.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ControlPlaneDb>
{
    /// <inheritdoc/>
    public ControlPlaneDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ControlPlaneDb>()
            .UseNpgsql("Host=localhost", o => o.MigrationsAssembly(typeof(DesignTimeFactory).Assembly.GetName().Name)).Options);
}
