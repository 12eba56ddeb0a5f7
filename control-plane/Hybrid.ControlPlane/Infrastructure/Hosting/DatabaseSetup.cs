using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>Database and key ring of the host.</summary>
internal static class DatabaseSetup
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddDbContextPool<ControlPlaneDb>(o => options.Database.Apply(o));
        var protection = services.AddDataProtection().SetApplicationName("hybrid-control-plane");
        if (!ControlPlaneApp.IsDocumentBuild) protection.PersistKeysToDbContext<ControlPlaneDb>();
        if (options.DataProtectionKeyFile is { } file)
        {
            var key = FileKey.Read(file);
            services.AddSingleton(key);
            protection.Services.Configure<KeyManagementOptions>(o => o.XmlEncryptor = new FileKeyXmlEncryptor(key.Value));
        }

        services.AddHealthChecks().AddCheck<DatabaseReady>("database", tags: ["ready"]);
        return services;
    }

    /// <summary>Applies pending migrations where that is wanted at start.</summary>
    public static async Task MigrateIfWantedAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ControlPlaneOptions>();
        if (ControlPlaneApp.IsDocumentBuild) return;
        if (!(options.MigrateAtStart ?? options.Database.Provider == DatabaseProvider.Sqlite)) return;
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ControlPlaneDb>().Database.MigrateAsync();
    }
}
