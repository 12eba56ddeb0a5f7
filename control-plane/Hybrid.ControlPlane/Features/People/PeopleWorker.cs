using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>
/// Works jobs over people off their rows, a part in a transaction: lines, progress and audit entries are committed together, so that a
/// restart goes on where it was and nothing is done twice. A part that loses a race is judged again.
/// </summary>
internal sealed partial class PeopleWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<PeopleWorker> logger) : StepWorker(TimeSpan.FromSeconds(5))
{
    private const int Part = 1000;

    /// <summary>One part of the oldest job; false when there is none.</summary>
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var next = await db.Through(Doors.RunningPeopleJobs).OrderBy(j => j.CreatedAt).Select(j => new { j.Id, j.OrganizationId }).FirstOrDefaultAsync(ct);
        if (next is null) return false;
        try
        {
            // One part of an organization at a time, on every replica.
            await using var tenant = await TenantScope.OpenAsync(db, next.OrganizationId, null, ct, $"people job {next.OrganizationId}");
            var job = await db.PeopleJobs.SingleAsync(j => j.Id == next.Id, ct);
            if (job.State != PeopleJobState.Running) return true;
            var lines = JsonSerializer.Deserialize<List<PeopleLine>>(job.Lines!, PeopleJobs.Json)!.Skip(job.Worked).Take(Part).ToList();
            var plan = scope.ServiceProvider.GetRequiredService<PeoplePlan>();
            var audit = scope.ServiceProvider.GetRequiredService<AuditTrail>();
            await plan.BeginAsync(job.CreatedBy, ct);
            var verdicts = await plan.JudgeAsync(job.Kind, lines, ct);
            await plan.ApplyAsync(job.OrganizationId, job.Id, ct);
            var refused = JsonSerializer.Deserialize<List<LineVerdict>>(job.Verdicts, PeopleJobs.Json)!;
            refused.AddRange(verdicts.Where(v => v.Outcome == LineOutcome.Refused));
            job.Advance(
                verdicts.Count(v => v.Outcome == LineOutcome.Changes), verdicts.Count(v => v.Outcome == LineOutcome.Unchanged), verdicts.Count(v => v.Outcome == LineOutcome.Refused),
                JsonSerializer.Serialize(refused, PeopleJobs.Json), clock.GetUtcNow());
            if (job.State == PeopleJobState.Done)
                audit.RecordAs(ActorKind.System, null, AuditActs.PeopleJobFinished, null, [job.Id], new { total = job.Total, changed = job.Changed, unchanged = job.Unchanged, refused = job.Refused });
            await tenant.CommitAsync(ct);
        }
        catch (Exception failed) when (LostRace.Is(failed))
        {
            // Somebody added one of these people at the same moment: judged again, the line finds them.
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }

        return true;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    [LoggerMessage(1420, LogLevel.Warning, "A job over people failed in a part ({Kind}) and tries it again")]
    private partial void StepFailed(string kind);
}
