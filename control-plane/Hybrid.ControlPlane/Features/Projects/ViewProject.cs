using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Shows a project: progress by step, its agents, what the caller may do.</summary>
public static class ViewProject
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapGet("/{projectId:guid}", Endpoint).WithName(nameof(ViewProject)).WithSummary("One project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>The project.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The project as the caller's role sees it.</summary>
    public sealed record Response(
        Guid Id, string Name, string Description, ProjectRole Role, IReadOnlyList<string> Acts, IReadOnlyList<StepProgress> Steps, Progress Progress,
        IReadOnlyList<AgentItem> Agents, IReadOnlyList<ConnectionItem> Connections, int OntologyVersion, bool StepSeparation, bool Anonymized, ProjectRole? MfaFrom,
        IReadOnlyList<Day> Throughput, DateTimeOffset? ArchivedAt, IReadOnlyList<Notice> Notices, bool IssuesBlock, int? GuidelineVersion);

    /// <summary>An agent that the project depends on.</summary>
    public sealed record AgentItem(Guid Id, string Name, bool Online, DateTimeOffset? LastSeenAt);

    /// <summary>A connection of the project.</summary>
    public sealed record ConnectionItem(Guid Id, string Name, Guid AgentId, string Provider);

    /// <summary>What the project's admins must hear of, until another of them has taken note: somebody gave themselves a role, by themselves or by joining a team.</summary>
    public sealed record Notice(Guid Id, PersonRef Person, ProjectRole Role, string? Team, DateTimeOffset At);

    /// <summary>One day's work, in UTC.</summary>
    public sealed record Day(DateOnly Date, int Labels, int Reviews);

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, ProjectProgress progress, Agents.LinkTable links, PersonRefs people, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == query.ProjectId, ct);
            var role = (await access.RoleInAsync(project.Id, ct))!.Value;
            var connections = await (
                from pc in db.ProjectConnections.AsNoTracking()
                join c in db.Connections on pc.ConnectionId equals c.Id
                where pc.ProjectId == project.Id
                orderby c.Name
                select new ConnectionItem(c.Id, c.Name, c.AgentId, c.Provider)).ToListAsync(ct);
            var agentIds = connections.Select(c => c.AgentId).Distinct().ToList();
            var agents = await db.Agents.AsNoTracking().Where(a => agentIds.Contains(a.Id)).Select(a => new { a.Id, a.Name, a.LastSeenAt }).ToListAsync(ct);
            var up = await links.UpAsync(agentIds);
            var of = await progress.OfAsync([project.Id], ct);
            var steps = await progress.StepsOfAsync(project, ct);
            var isCoarse = project.IsMeasured && role < ProjectRole.TeamManager;
            return new Response(
                project.Id, project.Name, project.Description, role, AccessTable.ActsOf(role), isCoarse ? [.. steps.Select(s => s.Coarse())] : steps, isCoarse ? of[project.Id].Coarse() : of[project.Id],
                [.. agents.Select(a => new AgentItem(a.Id, a.Name, up.Contains(a.Id), a.LastSeenAt))], connections, project.OntologyVersion, project.StepSeparation, project.Anonymized, project.MfaFrom,
                await ThroughputAsync(project.Id, ct), project.ArchivedAt, AccessTable.Allows(role, Acts.ProjectManage) ? await NoticesAsync(project.Id, ct) : [],
                project.IssuesBlock, project.GuidelineVersion);
        }

        private async Task<IReadOnlyList<Notice>> NoticesAsync(Guid projectId, CancellationToken ct)
        {
            var open = await (
                from n in db.ProjectNotices.AsNoTracking()
                where n.ProjectId == projectId && n.NotedAt == null
                orderby n.CreatedAt
                select new { n.Id, n.PersonId, n.Role, Team = db.Teams.Where(t => t.Id == n.TeamId).Select(t => t.Name).FirstOrDefault(), n.CreatedAt }).Take(50).ToListAsync(ct);
            var refs = await people.NamedAsync(open.Select(n => n.PersonId), ct);
            return [.. open.Where(n => refs.ContainsKey(n.PersonId)).Select(n => new Notice(n.Id, refs[n.PersonId], n.Role, n.Team, n.CreatedAt))];
        }

        private async Task<IReadOnlyList<Day>> ThroughputAsync(Guid projectId, CancellationToken ct)
        {
            var today = clock.GetUtcNow().UtcDateTime.Date;
            var since = new DateTimeOffset(today.AddDays(-13), TimeSpan.Zero);
            var labels = await db.Labels.AsNoTracking().Where(l => l.ProjectId == projectId && l.CreatedAt >= since).Select(l => l.CreatedAt).ToListAsync(ct);
            var reviews = await db.Reviews.AsNoTracking().Where(r => r.ProjectId == projectId && r.CreatedAt >= since).Select(r => r.CreatedAt).ToListAsync(ct);
            return [.. Enumerable.Range(-13, 14).Select(d => today.AddDays(d)).Select(d => new Day(
                DateOnly.FromDateTime(d), labels.Count(l => l.UtcDateTime.Date == d), reviews.Count(r => r.UtcDateTime.Date == d)))];
        }
    }
}
