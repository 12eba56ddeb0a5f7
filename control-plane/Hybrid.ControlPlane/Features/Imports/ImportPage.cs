using System.Text.Json;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>Takes one page of an import: 1 ask the agent outside any transaction; 2 add what is new, count the rest, move the cursor, all at once.</summary>
internal sealed class ImportPage(ControlPlaneDb db, LinkTable links, AuditTrail audit, TimeProvider clock)
{
    private const int PageSize = 500;

    // What the workspace can show today.
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal) { "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif" };

    public async Task TakeAsync(Guid organizationId, Guid importId, CancellationToken ct)
    {
        // 1
        var asked = await (
            from i in db.Imports.IgnoreQueryFilters().AsNoTracking()
            join c in db.Connections.IgnoreQueryFilters() on i.ConnectionId equals c.Id
            where i.Id == importId && i.OrganizationId == organizationId && c.OrganizationId == organizationId
            select new { i.Prefix, i.Cursor, i.Include, i.Exclude, c.Name, c.AgentId }).SingleAsync(ct);
        var page = await links.ListAsync(asked.AgentId, new ListRequest(
            asked.Name, asked.Prefix, asked.Cursor, PageSize, JsonSerializer.Deserialize<string[]>(asked.Include)!, JsonSerializer.Deserialize<string[]>(asked.Exclude)!), ct);

        // 2
        await using var scope = await TenantScope.OpenAsync(db, organizationId, null, ct);
        var import = await db.Imports.SingleAsync(i => i.Id == importId, ct);
        if (!import.IsActive) return;
        var now = clock.GetUtcNow();
        if (page is null || page.Error is not null) import.Fail(page?.Error?.Code ?? "agent.unreachable", page?.Error?.Detail ?? "The storage agent does not answer. Start it, then start the import again: it adds only what is new.", now);
        else await AddAsync(import, page, now, ct);
        if (!import.IsActive)
        {
            audit.RecordAs(ActorKind.System, null, AuditActs.ImportFinished, import.ProjectId, [import.Id], new
            {
                state = import.State.ToString(), listed = import.Listed, added = import.Added, unchanged = import.Unchanged, changed = import.Changed, refused = import.Refused, error = import.ErrorCode,
            });
        }

        await scope.CommitAsync(ct);
    }

    private async Task AddAsync(ImportJob import, ListPage page, DateTimeOffset now, CancellationToken ct)
    {
        // An agent's word is data: what is too long or of another kind is counted and left out.
        var good = page.Objects.Take(1000).Where(o => o is { Key.Length: > 0 and <= 1024, Size: >= 0 } && Shown.Contains(o.MediaType) && o.Etag is not { Length: > 200 }).DistinctBy(o => o.Key).ToList();
        var keys = good.Select(o => o.Key).ToList();
        var known = await db.Assets.AsNoTracking().Where(a => a.ProjectId == import.ProjectId && a.ConnectionId == import.ConnectionId && keys.Contains(a.Key))
            .Select(a => new { a.Key, a.ETag, a.Size }).ToDictionaryAsync(a => a.Key, ct);
        var labeling = await (
            from s in db.WorkflowSteps.AsNoTracking()
            join p in db.Projects.AsNoTracking() on s.ProjectId equals p.Id
            where p.Id == import.ProjectId && s.WorkflowVersion == p.WorkflowVersion && s.Kind == StepKind.Labeling
            select s).SingleAsync(ct);
        foreach (var o in good.Where(o => !known.ContainsKey(o.Key)))
        {
            var asset = Asset.Create(import.OrganizationId, import.ProjectId, import.ConnectionId, o.Key, o.Version, o.Etag, o.Size, o.MediaType, now);
            db.Assets.Add(asset);
            db.Tasks.Add(WorkTask.Arrive(labeling, asset.Id, 1, null, now));
        }

        var changed = good.Count(o => known.TryGetValue(o.Key, out var k) && (k.ETag != o.Etag || k.Size != o.Size));
        import.Advance(page.Cursor, page.Objects.Count, good.Count - known.Count, known.Count - changed, changed, page.Objects.Count - good.Count);
        if (page.Cursor is null) import.Finish(now);
    }
}
