using System.Text.Json;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;
using Draw = Hybrid.Quality.Sampling.Draw;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>
/// Takes the next pages of an import: 1 from the agent, outside any transaction, while it lists on; 2 add what is new, mark what is known,
/// move the cursor, all at once. A million names pass through as pages: nothing of them stays in memory.
/// </summary>
internal sealed class ImportPage(ControlPlaneDb db, PagesAhead pages, AuditTrail audit, TimeProvider clock)
{
    private const int PageSize = 1000;

    // What the workspace can show today.
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal) { "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif" };

    /// <summary>Takes the pages that are there, at most <see cref="PagesAhead.Most"/>.</summary>
    /// <param name="organizationId">The organization.</param>
    /// <param name="importId">The import.</param>
    /// <param name="isLastTry">Whether a passing trouble of the store ends the import this time.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when there is no page now, and there may be one later.</returns>
    public async Task<bool> TakeAsync(Guid organizationId, Guid importId, bool isLastTry, CancellationToken ct)
    {
        // 1
        var asked = await AskedAsync(organizationId, importId, ct);
        var request = new ListRequest(asked.Name, asked.Prefix, asked.Cursor, PageSize, JsonSerializer.Deserialize<string[]>(asked.Include)!, JsonSerializer.Deserialize<string[]>(asked.Exclude)!);
        var taken = await pages.TakeAsync(importId, asked.AgentId, request, ct);
        if (taken[0] is not { } first || (first.Error is { } trouble && PassingTrouble.Is(trouble.Code) && !isLastTry)) return false;

        // 2
        await using var scope = await TenantScope.OpenAsync(db, organizationId, null, ct);
        var import = await db.Imports.SingleAsync(i => i.Id == importId, ct);
        // Cancelled, or another replica was here first.
        if (!import.IsActive || import.Cursor != asked.Cursor) return true;
        var now = clock.GetUtcNow();
        if (first.Error is { } error) import.Fail(error.Code, error.Detail, now);
        else await AddAsync(import, [.. taken.SelectMany(p => p!.Objects.Take(PageSize))], taken[^1]!.Cursor, now, ct);
        if (!import.IsActive)
        {
            audit.RecordAs(ActorKind.System, null, AuditActs.ImportFinished, import.ProjectId, [import.Id], new
            {
                state = import.State.ToString(), listed = import.Listed, added = import.Added, unchanged = import.Unchanged, changed = import.Changed, vanished = import.Vanished, refused = import.Refused, error = import.ErrorCode,
            });
        }

        await scope.CommitAsync(ct);
        return true;
    }

    private async Task<Asked> AskedAsync(Guid organizationId, Guid importId, CancellationToken ct)
    {
        await using var scope = await TenantScope.OpenAsync(db, organizationId, null, ct);
        return await (
            from i in db.Imports.AsNoTracking()
            join c in db.Connections on i.ConnectionId equals c.Id
            where i.Id == importId
            select new Asked(i.Prefix, i.Cursor, i.Include, i.Exclude, c.Name, c.AgentId)).SingleAsync(ct);
    }

    private async Task AddAsync(ImportJob import, IReadOnlyList<ListedObject> listed, string? cursor, DateTimeOffset now, CancellationToken ct)
    {
        // A plan that was prepared while the table was small reads every row for every key, those by which PostgreSQL checks foreign keys too;
        // measured: 40 times slower at 100,000 rows. So none is kept from before. (Plans made for each statement's own values would do for the
        // queries alone: each foreign key would be planned anew for each row, two thirds of the time.)
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlRawAsync("set local enable_seqscan = off; discard plans", ct);
        // An agent's word is data: what is too long or of another kind is counted and left out.
        var good = listed.Where(o => o is { Key.Length: > 0 and <= 1024, Size: >= 0 } && Shown.Contains(o.MediaType) && o.Etag is not { Length: > 200 }).DistinctBy(o => o.Key).ToList();
        var here = db.Assets.Where(a => a.ProjectId == import.ProjectId && a.ConnectionId == import.ConnectionId);
        var known = (await KnownAsync(import, [.. good.Select(o => o.Key)], ct)).ToDictionary(a => a.Key);
        var labeling = await (
            from s in db.WorkflowSteps.AsNoTracking()
            join p in db.Projects.AsNoTracking() on s.ProjectId equals p.Id
            where p.Id == import.ProjectId && s.WorkflowVersion == p.WorkflowVersion && s.Kind == StepKind.Labeling
            select s).SingleAsync(ct);
        var assets = good.Where(o => !known.ContainsKey(o.Key))
            .Select(o => Asset.Create(import.OrganizationId, import.ProjectId, import.ConnectionId, o.Key, o.Version, o.Etag, o.Size, o.MediaType, now, import.Id)).ToList();
        await BulkInsert.AddAsync(db, assets, ct);
        await ArriveAsync(labeling, assets, now, ct);

        var seen = known.Values.Select(a => a.Id).ToList();
        var changed = good.Where(o => known.TryGetValue(o.Key, out var k) && (k.ETag != o.Etag || k.Size != o.Size)).Select(o => known[o.Key].Id).ToList();
        if (seen.Count > 0) await db.Assets.Where(a => EF.Parameter(seen).Contains(a.Id)).ExecuteUpdateAsync(a => a.SetProperty(x => x.SeenBy, import.Id).SetProperty(x => x.VanishedAt, (DateTimeOffset?)null), ct);
        if (changed.Count > 0) await db.Assets.Where(a => EF.Parameter(changed).Contains(a.Id) && a.ChangedAt == null).ExecuteUpdateAsync(a => a.SetProperty(x => x.ChangedAt, now), ct);

        import.Advance(cursor, listed.Count, assets.Count, known.Count - changed.Count, changed.Count, listed.Count - good.Count);
        if (cursor is null) import.Finish(await MarkVanishedAsync(import, here, now, ct), now);
    }

    /// <summary>Which of these keys are here already.</summary>
    private Task<List<Known>> KnownAsync(ImportJob import, string[] keys, CancellationToken ct)
    {
        if (!db.Database.IsNpgsql())
        {
            return db.Assets.AsNoTracking().Where(a => a.ProjectId == import.ProjectId && a.ConnectionId == import.ConnectionId && EF.Parameter(keys).Contains(a.Key))
                .Select(a => new Known { Id = a.Id, Key = a.Key, ETag = a.ETag, Size = a.Size }).ToListAsync(ct);
        }

        // One look into the unique index for each key. Without statistics, as in every first import, PostgreSQL holds a connection for a
        // better choice than its keys, and compares each of its rows with each key; the limit keeps it from seeing more than one key at a time.
        return db.Database.SqlQuery<Known>($"""
            select a.id as "Id", a.key as "Key", a.etag as "ETag", a.size as "Size"
            from unnest({keys}) k cross join lateral (
              select * from assets where project_id = {import.ProjectId} and connection_id = {import.ConnectionId} and key = k limit 1) a
            """).ToListAsync(ct);
    }

    /// <summary>Gives every new asset its labeling task, or, where the draw says so, one for each of several people.</summary>
    private async Task ArriveAsync(WorkflowStep labeling, List<Asset> assets, DateTimeOffset now, CancellationToken ct)
    {
        if (!labeling.Consensus.IsOn)
        {
            await BulkInsert.AddAsync(db, [.. assets.Select(a => WorkTask.Arrive(labeling, a.Id, 1, null, now))], ct);
            return;
        }

        var key = await db.Projects.AsNoTracking().Where(p => p.Id == labeling.ProjectId).Select(p => p.PseudonymKey).SingleAsync(ct);
        var seed = Workflow.ConsensusSeed(key, labeling.Id, labeling.ConsensusVersion);
        var rounds = assets.ConvertAll(a => ConsensusRound.Begin(labeling, a.Id, Draw.Of(seed, a.Id, labeling.Id, 1), now));
        await BulkInsert.AddAsync(db, rounds, ct);
        await BulkInsert.AddAsync(db, [.. rounds.SelectMany(r => r.State == ConsensusState.NotDrawn
            ? [WorkTask.Arrive(labeling, r.AssetId, 1, null, now)]
            : Enumerable.Range(1, r.Wanted).Select(strand => WorkTask.ArriveCopy(labeling, r.AssetId, strand, now)))], ct);
    }

    /// <summary>Marks what the whole listing did not hold. Labels stay: the object may come back, and the work is not the storage's.</summary>
    private static async Task<long> MarkVanishedAsync(ImportJob import, IQueryable<Asset> here, DateTimeOffset now, CancellationToken ct)
    {
        if (!import.ListsAll) return 0;
        var gone = here.Where(a => a.Key.StartsWith(import.Prefix) && a.SeenBy != import.Id);
        await gone.Where(a => a.VanishedAt == null).ExecuteUpdateAsync(a => a.SetProperty(x => x.VanishedAt, now), ct);
        return await gone.LongCountAsync(ct);
    }

    private sealed class Known
    {
        public Guid Id { get; init; }

        public string Key { get; init; } = "";

        public string? ETag { get; init; }

        public long Size { get; init; }
    }

    private sealed record Asked(string Prefix, string? Cursor, string Include, string Exclude, string Name, Guid AgentId);
}
