using System.Globalization;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>
/// Claiming and reserving, each one statement: what is found is taken in the same moment, so that two people never hold one task.
/// PostgreSQL skips rows that another transaction is taking; SQLite has one writer.
/// </summary>
internal sealed class TaskQueue(ControlPlaneDb db, ICurrentUser user, TimeProvider clock)
{
    private static readonly HotQuery<Func<ControlPlaneDb, Guid, StepKind, Guid, DateTimeOffset, IAsyncEnumerable<Reserved>>> ReservedBy = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid project, StepKind kind, Guid person, DateTimeOffset now) =>
            from t in db.Tasks.AsNoTracking()
            join a in db.Assets.AsNoTracking() on t.AssetId equals a.Id
            where t.ProjectId == project && t.StepKind == kind && t.State == TaskState.Open && t.HolderId == person && t.Reserved && t.HeldUntil > now
            orderby t.HeldUntil, t.Priority descending, t.ArrivedAt, t.Id
            select new Reserved(t.Id, a)));

    /// <summary>Takes the next task: held already → sent back to me → reserved for me → assigned to me → open, by priority and age.</summary>
    public async Task<Guid?> TakeNextAsync(Guid projectId, StepKind kind, ProjectPlace place, CancellationToken ct)
    {
        // COALESCE asks its branches one after the other, so the usual case costs a few index look-ups. It stands in a select of its own, since
        // beside a row-security policy PostgreSQL holds it for leaky, uses no index for it and reads the whole table.
        var sql = $"""
            update tasks set holder_id = @me, reserved = {False}, held_until = @until, version = version + 1
            where id = (select coalesce(
              (select t.id from tasks t where {Scope} and t.holder_id = @me and t.reserved = {False} and t.held_until > @now order by t.held_until desc limit 1 {Lock}),
              (select t.id from tasks t where {Scope} and t.sent_back_to = @me and {Free} {Allowed(place)} order by t.priority desc, t.arrived_at limit 1 {Lock}),
              (select t.id from tasks t where {Scope} and t.holder_id = @me and t.reserved = {True} and t.held_until > @now order by t.held_until, t.priority desc, t.arrived_at, t.id limit 1 {Lock}),
              (select t.id from tasks t where {Scope} and t.assigned_to = @me and {Free} {Allowed(place)} order by t.priority desc, t.arrived_at limit 1 {Lock}),
              {string.Join(", ", Enumerable.Range(0, LooksOf(kind, place)).Select(look => FromTheQueue(look, kind, place, Free, Allowed(place), 1)))}))
            returning id as "Value"
            """;
        return await OneAsync(sql, projectId, kind, WorkTask.LeaseDuration, ct);
    }

    /// <summary>Takes one task by id, if it is open to the caller; null when it is not.</summary>
    public async Task<Guid?> TakeAsync(Guid taskId, Guid projectId, StepKind kind, CancellationToken ct)
    {
        var sql = $"""
            update tasks set holder_id = @me, reserved = {False}, held_until = @until, version = version + 1
            where id = (select t.id from tasks t where t.id = @task and {Scope} and {Free}
              and (t.sent_back_to is null or t.sent_back_to = @me) and (t.assigned_to is null or t.assigned_to = @me) {NotTwice} {Lock})
            returning id as "Value"
            """;
        return await OneAsync(sql, projectId, kind, WorkTask.LeaseDuration, ct, taskId);
    }

    /// <summary>
    /// Reserves up to two tasks for the prefetch, so that not everybody prefetches the head of the queue: what is the caller's own first. They come
    /// in the order in which they were reserved, so that a later one never overtakes what was shown before.
    /// </summary>
    public async Task<IReadOnlyList<Reserved>> ReserveAsync(Guid projectId, StepKind kind, ProjectPlace place, int count, CancellationToken ct)
    {
        var held = await ReservedAsync(projectId, kind, ct);
        // Each look that finds enough is the last.
        for (var look = 0; held.Count < count && look < LooksOf(kind, place); look++)
        {
            // The number stands in the text, so that the plan knows how few are wanted.
            // Materialized: a plan that runs the sub-select again for every row finds others each time, since it skips those that it has locked.
            var wanted = count - held.Count;
            var sql = $"""
                with mine as materialized (select t.id from tasks t where {Scope} and t.assigned_to = @me and {Unheld} {Allowed(place)} {Single(place)}
                  order by t.priority desc, t.arrived_at limit {wanted} {Lock}),
                free as materialized {FromTheQueue(look, kind, place, Unheld, Allowed(place) + Single(place), wanted)},
                first as (select id from (select id, 0 as rank from mine union all select id, 1 as rank from free) both_kinds order by rank limit {wanted})
                update tasks set holder_id = @me, reserved = {True}, held_until = @until, version = version + 1
                where id in (select id from first)
                """;
            await db.Database.ExecuteSqlRawAsync(sql, Parameters(projectId, kind, WorkTask.ReservationDuration, null), ct);
            held = await ReservedAsync(projectId, kind, ct);
        }

        return [.. held.Take(count)];
    }

    // A reviewer may have labeled the first million assets that wait for review; a scan that steps over each of them would grow with the project.
    // So the first few are looked at one by one; where none of them will do, each other labeler's first few, by an index with the labeler in it.
    // PostgreSQL alone: one machine with SQLite does not come so far.
    private int LooksOf(StepKind kind, ProjectPlace place) => IsPostgres && kind == StepKind.Review && place.Separation ? 2 : 1;

    private string FromTheQueue(int look, StepKind kind, ProjectPlace place, string free, string allowed, int count)
    {
        const string order = "t.priority desc, t.arrived_at, t.id";
        var heads = $"select t.id from tasks t where {Scope} and {Open} and {free}";
        if (LooksOf(kind, place) == 1) return $"({heads} {allowed} order by {order} limit {count} {Lock})";
        var ids = look == 0
            ? $"{heads} order by {order} limit {LookedAt}"
            : $"""
                with recursive labelers(id) as (
                  (select t.labeled_by from tasks t where {Scope} and {Open} and t.labeled_by is not null order by t.labeled_by limit 1)
                  union all
                  select (select t.labeled_by from tasks t where {Scope} and {Open} and t.labeled_by > l.id order by t.labeled_by limit 1) from labelers l where l.id is not null)
                select h.id from labelers l cross join lateral (
                  {heads} {allowed} and t.labeled_by = l.id order by {order} limit {OfEachLabeler}) h where l.id <> @me
                """;
        // All of it once more: what somebody else has changed since the ids were found is asked again of the row that is locked.
        return $"(select t.id from tasks t where t.id = any(array({ids})) and {Scope} and {Open} and {free} {allowed} order by {order} limit {count} {Lock})";
    }

    private ValueTask<List<Reserved>> ReservedAsync(Guid projectId, StepKind kind, CancellationToken ct) =>
        ReservedBy.In(db)(db, projectId, kind, user.PersonId, clock.GetUtcNow()).ToListAsync(ct);

    private const string Scope = "t.organization_id = @org and t.project_id = @project and t.step_kind = @kind and t.state = 0";
    private const string Open = "t.sent_back_to is null and t.assigned_to is null";
    private const string Free = "(t.holder_id is null or t.held_until <= @now or t.holder_id = @me)";
    private const string Unheld = "(t.holder_id is null or t.held_until <= @now)";

    // Nobody answers twice for one asset: not who has answered or skipped, nor who holds or is given another of its tasks. The purpose stands within
    // too, and not as an equation: else PostgreSQL would hash what is asked, and read a whole table for every claim (measured: 58 ms at 100,000 answers, against one look-up).
    private const string NotTwice = """
        and (t.purpose <> 1 or (not exists (select 1 from step_work w where w.asset_id = t.asset_id and w.person_id = @me and t.purpose > 0)
          and not exists (select 1 from tasks o where o.asset_id = t.asset_id and o.id <> t.id and o.state = 0 and (o.holder_id = @me or o.assigned_to = @me))))
        """;

    // More than people who take the same heads at one time; so few that looking at them costs less than a statement.
    private const int LookedAt = 32;
    private const int OfEachLabeler = 8;

    private bool IsPostgres => db.Database.IsNpgsql();

    private string Lock => IsPostgres ? "for update of t skip locked" : "";

    private string True => IsPostgres ? "true" : "1";

    private string False => IsPostgres ? "false" : "0";

    // What a project does not ask for stands in none of its statements.
    private static string Allowed(ProjectPlace place) =>
        (place.Separation ? "and not exists (select 1 from step_work w where w.asset_id = t.asset_id and w.person_id = @me and w.step_id <> t.step_id) " : "")
        + (place.Named
            ? """
              and exists (select 1 from workflow_steps s where s.id = t.step_id and s.workflow_version = t.workflow_version and (not s.is_named or exists (
                select 1 from workflow_step_members m where m.step_id = s.id and m.workflow_version = s.workflow_version and m.person_id = @me)))
              """
            : "")
        + (place.Consensus ? NotTwice : "");

    // Of an asset's free tasks only the first is looked at where several tasks are taken at once.
    private static string Single(ProjectPlace place) => place.Consensus
        ? "and (t.purpose <> 1 or not exists (select 1 from tasks o where o.asset_id = t.asset_id and o.purpose = 1 and o.state = 0 and o.strand < t.strand and o.assigned_to is null and (o.holder_id is null or o.held_until <= @now)))"
        : "";

    private async Task<Guid?> OneAsync(string sql, Guid projectId, StepKind kind, TimeSpan hold, CancellationToken ct, Guid? task = null)
    {
        var ids = await db.Database.SqlQueryRaw<Guid>(sql, Parameters(projectId, kind, hold, task)).ToListAsync(ct);
        return ids.Count == 0 ? null : ids[0];
    }

    private object[] Parameters(Guid projectId, StepKind kind, TimeSpan hold, Guid? task)
    {
        var now = clock.GetUtcNow();
        return
        [
            Parameter("org", user.OrganizationId), Parameter("project", projectId), Parameter("me", user.PersonId), Parameter("kind", (int)kind),
            Parameter("now", db.AsKept(now)), Parameter("until", db.AsKept(now + hold)), Parameter("task", task ?? Guid.Empty),
        ];
    }

    private object Parameter(string name, object value)
    {
        if (IsPostgres) return new Npgsql.NpgsqlParameter(name, value);
        // EF keeps ids as upper-case text in SQLite.
        return new Microsoft.Data.Sqlite.SqliteParameter(name, value is Guid id ? id.ToString().ToUpper(CultureInfo.InvariantCulture) : value);
    }
}

/// <summary>A task that is reserved for the prefetch.</summary>
internal sealed record Reserved(Guid TaskId, Asset Asset);
