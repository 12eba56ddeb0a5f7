using System.CommandLine;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Brings the database to this version's schema; run by one replica, before the others start.</summary>
internal static class Migrate
{
    public static Command Verb()
    {
        var command = new Command("migrate", "Brings the database to this version's schema.");
        command.SetAction((_, ct) => VerbHost.RunAsync(async services =>
        {
            var database = services.GetRequiredService<ControlPlaneDb>().Database;
            var pending = (await database.GetPendingMigrationsAsync(ct)).ToList();
            await database.MigrateAsync(ct);
            Console.WriteLine(pending.Count == 0 ? "The schema is up to date." : $"Applied {string.Join(", ", pending)}.");
            return 0;
        }));
        return command;
    }
}
