using System.CommandLine;
using Hybrid.ControlPlane.Features.Quality;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Computes the figures of projects anew from their labels.</summary>
internal static class Recompute
{
    public static Command Verb()
    {
        var only = new Option<Guid?>("--project") { Description = "One project alone." };
        var check = new Option<bool>("--check") { Description = "Changes nothing; the exit code is 1 when something is stored otherwise." };
        var command = new Command("recompute", "Computes agreements, consensus and honeypot scores anew from the labels, and corrects what differs.") { only, check };
        command.SetAction((parsed, ct) => VerbHost.RunAsync(async services =>
        {
            var (project, dry) = (parsed.GetValue(only), parsed.GetValue(check));
            var db = services.GetRequiredService<ControlPlaneDb>();
            var recomputation = services.GetRequiredService<Recomputation>();
            var (found, differ) = (0, 0);
            foreach (var organization in await db.Through(Doors.EveryOrganization).OrderBy(o => o.Id).Select(o => o.Id).ToListAsync(ct))
            {
                foreach (var id in await ProjectsAsync(db, organization, project, ct))
                {
                    var figures = await recomputation.OfAsync(organization, id, write: !dry, ct);
                    Console.WriteLine($"{id}: {figures.Pairs} agreements, {figures.Rounds} consensus scores, {figures.Scores} honeypot scores; {figures.Different} differed, {figures.Missing} were missing");
                    (found, differ) = (found + 1, differ + figures.Different + figures.Missing);
                }
            }

            if (found == 0 && project is not null)
            {
                await Console.Error.WriteLineAsync($"There is no project {project}.");
                return 2;
            }

            return dry && differ > 0 ? 1 : 0;
        }));
        return command;
    }

    private static async Task<List<Guid>> ProjectsAsync(ControlPlaneDb db, Guid organization, Guid? only, CancellationToken ct)
    {
        await using var scope = await TenantScope.OpenAsync(db, organization, null, ct);
        return await db.Projects.AsNoTracking().Where(p => p.DeletedAt == null && (only == null || p.Id == only)).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(ct);
    }
}
