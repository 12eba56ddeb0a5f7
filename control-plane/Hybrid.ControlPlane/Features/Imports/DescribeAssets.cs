using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>The second pass: picture sizes and orientation, by the agent, from headers.</summary>
internal sealed class DescribeAssets(ControlPlaneDb db, LinkTable links, AuditTrail audit)
{
    /// <summary>One batch of one connection. Pictures of a store that has passing trouble are left to be asked for again.</summary>
    /// <param name="after">The organization that was served last: the others come first.</param>
    /// <param name="leftAlone">Connections that had trouble a moment ago.</param>
    /// <param name="isLastTry">Whether passing trouble of a picture is its answer this time: two that can never be read must not hold up the rest.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The organization, the connection that was asked, null when nothing is to do or no agent is there; and whether its store had trouble.</returns>
    public async Task<(Guid Organization, Guid? Connection, bool Troubled)> TakeAsync(Guid after, IReadOnlyCollection<Guid> leftAlone, Func<Guid, bool> isLastTry, CancellationToken ct)
    {
        var waiting = await db.Through(Doors.OrganizationsToDescribe).Select(o => o.Id).ToListAsync(ct);
        foreach (var organization in waiting.OrderBy(o => o.CompareTo(after) > 0 ? 0 : 1).ThenBy(o => o))
        {
            if (await NextAsync(organization, leftAlone, ct) is not { } batch) continue;
            var (connection, troubled) = await DescribeAsync(batch, isLastTry, ct);
            return (organization, connection, troubled);
        }

        return (after, null, false);
    }

    /// <summary>What an agent that is there can be asked about.</summary>
    private async Task<List<Open>?> NextAsync(Guid organization, IReadOnlyCollection<Guid> leftAlone, CancellationToken ct)
    {
        List<Open> open;
        await using (await TenantScope.OpenAsync(db, organization, null, ct))
        {
            open = await (
                from a in db.Assets.AsNoTracking()
                join c in db.Connections on a.ConnectionId equals c.Id
                where a.Width == null && a.DescribeError == null && !leftAlone.Contains(a.ConnectionId)
                orderby a.Id
                select new Open(a.Id, a.OrganizationId, a.ProjectId, a.Key, a.ObjectVersion, a.ConnectionId, c.Name, c.AgentId)).Take(UrlLimits.Objects * 4).ToListAsync(ct);
        }

        var up = await links.UpAsync(open.Select(a => a.AgentId));
        return open.GroupBy(a => (a.ProjectId, a.ConnectionId)).FirstOrDefault(g => up.Contains(g.First().AgentId))?.Take(UrlLimits.Objects).ToList();
    }

    private async Task<(Guid? Connection, bool Troubled)> DescribeAsync(List<Open> batch, Func<Guid, bool> isLastTry, CancellationToken ct)
    {
        var first = batch[0];
        var answer = await links.DescribeAsync(first.AgentId, new DescribeRequest([.. batch.Select(a => new ObjectReference(a.Name, a.Key, a.ObjectVersion))]), ct);
        if (answer is null) return (null, false);

        await using var scope = await TenantScope.OpenAsync(db, first.OrganizationId, null, ct);
        var ids = batch.Select(a => a.Id).ToList();
        var assets = await db.Assets.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Key, ct);
        var troubled = false;
        foreach (var said in answer.Objects)
        {
            if (!assets.TryGetValue(said.Object.Key, out var asset) || asset.Width is not null) continue;
            if (said is { Width: > 0 and <= 1_000_000, Height: > 0 and <= 1_000_000 }) asset.Describe(said.Width.Value, said.Height.Value, said.Orientation is >= 1 and <= 8 ? said.Orientation.Value : 1);
            else if (PassingTrouble.IsNotAsked(said.Error) || (PassingTrouble.Is(said.Error) && !isLastTry(first.ConnectionId))) troubled = true;
            else asset.CannotDescribe(said.Error is { Length: <= 100 } code ? code : "asset.not_described");
        }

        audit.RecordAs(ActorKind.Agent, first.AgentId, AuditActs.AssetDescribed, first.ProjectId, [], new { assets = answer.Objects.Count });
        await scope.CommitAsync(ct);
        return (first.ConnectionId, troubled);
    }

    private sealed record Open(Guid Id, Guid OrganizationId, Guid ProjectId, string Key, string? ObjectVersion, Guid ConnectionId, string Name, Guid AgentId);
}
