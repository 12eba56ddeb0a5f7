using System.CommandLine;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Brings the database to this version's schema, with its policies and rights; run once, before the replicas of the new version start.</summary>
internal static class Migrate
{
    public static Command Verb()
    {
        var command = new Command("migrate", "Brings the database to this version's schema, with its policies and rights.");
        command.SetAction((_, ct) => VerbHost.RunAsync(async services =>
        {
            var (applied, refusal) = await Schema.MigrateAsync(services.GetRequiredService<ControlPlaneOptions>().Database, ct);
            if (refusal is not null)
            {
                await Console.Error.WriteLineAsync(refusal);
                return 2;
            }

            Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied {string.Join(", ", applied)}.");
            return 0;
        }));
        return command;
    }
}
