using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Hybrid.ControlPlane.Migrations.Sqlite;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model as SQLite has it; never opens a database.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ControlPlaneDb>
{
    /// <inheritdoc/>
    public ControlPlaneDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ControlPlaneDb>()
            .UseSqlite("Data Source=:memory:", o => o.MigrationsAssembly(typeof(DesignTimeFactory).Assembly.GetName().Name)).Options);
}
