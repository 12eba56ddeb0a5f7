using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>
/// Ends access whose time is over: the membership goes, its leases go back to the queue, the log says so. The project has stopped existing for
/// the person at the very instant (<see cref="ProjectAccess"/> asks the clock); this only clears up behind, within seconds, on any replica.
/// </summary>
internal sealed partial class AccessWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<AccessWorker> logger) : StepWorker(TimeSpan.FromSeconds(2))
{
    private const int Batch = 200;

    /// <summary>Ends what is over in one organization; false when nothing is.</summary>
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var now = clock.GetUtcNow();
        var organization = await db.Through(Doors.MembershipsOverAt, now).OrderBy(m => m.ValidUntil).Select(m => (Guid?)m.OrganizationId).FirstOrDefaultAsync(ct);
        if (organization is not { } id) return false;
        await using var tenant = await TenantScope.OpenAsync(db, id, null, ct, $"ended access {id}");
        var over = await db.ProjectMembers.AsNoTracking().Where(m => m.ValidUntil != null && m.ValidUntil <= now).OrderBy(m => m.ValidUntil).Take(Batch).ToListAsync(ct);
        var audit = scope.ServiceProvider.GetRequiredService<AuditTrail>();
        foreach (var member in over)
        {
            // Prolonged in this very moment: then it is not over.
            if (await db.ProjectMembers.Where(m => m.ProjectId == member.ProjectId && m.PersonId == member.PersonId && m.ValidUntil <= now).ExecuteDeleteAsync(ct) == 0) continue;
            audit.RecordAs(ActorKind.System, null, AuditActs.MemberAccessEnded, member.ProjectId, [member.PersonId], new { role = member.Role.ToString(), until = member.ValidUntil });
        }

        await scope.ServiceProvider.GetRequiredService<LeaseRelease>().AfterLossAsync([.. over.Select(m => m.PersonId).Distinct()], [.. over.Select(m => m.ProjectId).Distinct()], ct);
        await tenant.CommitAsync(ct);
        return true;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    [LoggerMessage(1410, LogLevel.Warning, "Ended access could not be cleared up ({Kind}) and is tried again")]
    private partial void StepFailed(string kind);
}
