using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>Database and key ring of the host.</summary>
internal static class DatabaseSetup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    /// <summary>
    /// Makes sure, before anything is served, that the schema is not newer than this version and that the database's role is bound by
    /// row-level security; applies pending migrations first where that is wanted. What is still to be migrated makes the host unready, not refuse.
    /// </summary>
    /// <returns>Why the host must not serve, each with its mend; null when it may.</returns>
    public static async Task<string?> PrepareDatabaseAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ControlPlaneOptions>();
        if (ControlPlaneApp.IsDocumentBuild) return null;
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return await RefusalAsync(app, options);
            }
            catch (DbException away) when (away is NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException })
            {
                // Both may be starting together.
                if (Stopwatch.GetElapsedTime(began) > Patience) return $"The database does not answer ({away.Message}). Start it, or look at Database:ConnectionString.";
                await Task.Delay(TimeSpan.FromSeconds(1), app.Lifetime.ApplicationStopping);
            }
        }
    }

    private static async Task<string?> RefusalAsync(WebApplication app, ControlPlaneOptions options)
    {
        var ct = app.Lifetime.ApplicationStopping;
        if (options.MigrateAtStart ?? options.Database.Provider == DatabaseProvider.Sqlite)
        {
            if ((await Schema.MigrateAsync(options.Database, ct)).Refusal is { } newer) return newer;
        }

        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        if (await Schema.RefusalAsync(db, ct) is { } refusal) return refusal;
        var gaps = options.Database.AllowUnconfinedRole ? [] : await Confinement.GapsAsync(db, ct);
        return gaps.Count == 0 ? null
            : $"{string.Join(' ', gaps)} Serve as {DatabaseRoles.App} (hybrid-control-plane roles makes it, migrate gives it its rights), or set Database:AllowUnconfinedRole for a demonstration.";
    }
}
