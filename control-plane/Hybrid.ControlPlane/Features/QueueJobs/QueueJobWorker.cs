using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>
/// Works acts on many tasks off their rows, a part in a transaction: tasks, progress and audit entries are committed together, so that a
/// restart goes on where it was and nothing is done twice. A part that loses a race is done again. Who has lost the right meanwhile does nothing more.
/// </summary>
internal sealed partial class QueueJobWorker(IServiceScopeFactory scopes, LiveNotices live, TimeProvider clock, ILogger<QueueJobWorker> logger) : StepWorker(TimeSpan.FromSeconds(5))
{
    /// <summary>One part of the oldest job; false when there is none.</summary>
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var next = await db.Through(Doors.RunningQueueJobs).OrderBy(j => j.CreatedAt).Select(j => new { j.Id, j.OrganizationId, j.ProjectId }).FirstOrDefaultAsync(ct);
        if (next is null) return false;
        try
        {
            await using var tenant = await TenantScope.OpenAsync(db, next.OrganizationId, null, ct, $"queue job {next.ProjectId}");
            var job = await db.QueueJobs.SingleAsync(j => j.Id == next.Id, ct);
            if (job.State != QueueJobState.Running) return true;
            var now = clock.GetUtcNow();
            var role = await Places.At(db, now).Where(p => p.ProjectId == job.ProjectId && p.PersonId == job.CreatedBy).MaxAsync(p => (int?)p.Role, ct);
            var closed = await db.Projects.AnyAsync(p => p.Id == job.ProjectId && (p.ArchivedAt != null || p.DeletedAt != null), ct);
            if (closed || role is not { } has || !Domain.Access.AccessTable.Allows((Domain.Projects.ProjectRole)has, Domain.Access.Acts.QueueManage))
            {
                job.Cancel(now);
            }
            else
            {
                if (job.Act == QueueAct.Undo) await db.QueueJobs.Where(j => j.Id == QueueJobText.ArgumentOf(job).JobId).LoadAsync(ct);
                await scope.ServiceProvider.GetRequiredService<QueueJobPart>().WorkAsync(job, ct);
            }

            await tenant.CommitAsync(ct);
        }
        catch (Exception failed) when (LostRace.Is(failed))
        {
            // Somebody took or finished one of these tasks at the same moment: asked again, the part finds it as it is.
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }

        await live.TellManagersAsync(next.ProjectId, LiveKinds.QueueJobs);
        return true;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    [LoggerMessage(1470, LogLevel.Warning, "An act on many tasks failed in a part ({Kind}) and tries it again")]
    private partial void StepFailed(string kind);
}
