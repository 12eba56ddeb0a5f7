using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>
/// Works imports off their rows: a restart goes on from the cursor, and one whose agent is away goes on when it is back. Imports take turns,
/// a page each. When nothing is to be listed it asks agents for picture sizes: the slower pass, of lower priority.
/// </summary>
internal sealed partial class ImportWorker(IServiceScopeFactory scopes, LinkTable links, TimeProvider clock, ILogger<ImportWorker> logger) : StepWorker(Idle)
{
    private const int MostTries = 6;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    // Of this process alone: after a restart every import may try again at once.
    private readonly Dictionary<Guid, (long Served, int Failures, DateTimeOffset NotBefore)> turns = [];
    // Connections whose store had trouble when pictures were described; also of this process alone.
    private readonly Dictionary<Guid, (int Failures, DateTimeOffset NotBefore)> troubled = [];
    // The organization that was served last in the second pass.
    private Guid described;
    private long turn;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        links.Linked += Wake;
        await base.ExecuteAsync(stoppingToken);
        links.Linked -= Wake;
    }

    /// <summary>One page of one import, or one batch of sizes; false when nothing is to do.</summary>
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var open = await (
            from i in db.Through(Doors.OpenImports)
            join c in db.Through(Doors.ConnectionsOfOpenImports) on i.ConnectionId equals c.Id
            orderby i.CreatedAt
            select new { i.Id, i.OrganizationId, c.AgentId }).Take(100).ToListAsync(ct);
        var up = await links.UpAsync(open.Select(i => i.AgentId));
        var now = clock.GetUtcNow();
        var next = open.Where(i => up.Contains(i.AgentId) && turns.GetValueOrDefault(i.Id).NotBefore <= now).MinBy(i => turns.GetValueOrDefault(i.Id).Served);
        if (next is null) return await DescribeAsync(scope.ServiceProvider.GetRequiredService<DescribeAssets>(), now, ct);
        var failures = turns.GetValueOrDefault(next.Id).Failures;
        var taken = await scope.ServiceProvider.GetRequiredService<ImportPage>().TakeAsync(next.OrganizationId, next.Id, isLastTry: failures + 1 >= MostTries, ct);
        turns[next.Id] = taken ? (++turn, 0, now) : (++turn, failures + 1, now + Pause(failures));
        foreach (var ended in turns.Keys.Except(open.Select(i => i.Id)).ToList()) turns.Remove(ended);
        return true;
    }

    private static TimeSpan Pause(int failures) => Idle * Math.Pow(2, Math.Min(failures, 5));

    private async Task<bool> DescribeAsync(DescribeAssets assets, DateTimeOffset now, CancellationToken ct)
    {
        var leftAlone = troubled.Where(t => t.Value.NotBefore > now).Select(t => t.Key).ToList();
        var (organization, connection, isTroubled) = await assets.TakeAsync(described, leftAlone, c => troubled.GetValueOrDefault(c).Failures + 1 >= MostTries, ct);
        if (connection is not { } id) return false;
        described = organization;
        var failures = troubled.GetValueOrDefault(id).Failures;
        if (isTroubled) troubled[id] = ((failures + 1) % MostTries, now + Pause(failures));
        else troubled.Remove(id);
        return true;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name, failed.Message);

    [LoggerMessage(1400, LogLevel.Warning, "An import step failed ({Kind}: {Reason}) and is tried again")]
    private partial void StepFailed(string kind, string reason);
}
