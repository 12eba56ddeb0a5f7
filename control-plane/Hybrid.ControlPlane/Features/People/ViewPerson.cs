using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
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

namespace Hybrid.ControlPlane.Features.People;

/// <summary>One person: place in the organization, teams, and roles in projects with the way they came by.</summary>
public static class ViewPerson
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapGet("/{personId:guid}", Endpoint).WithName(nameof(ViewPerson)).WithSummary("One person.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(personId), ct)).ToHttp();

    /// <summary>Who.</summary>
    [Act(Acts.PeopleManage)]
    public sealed record Query(Guid PersonId) : IQuery<Response>;

    /// <summary>The person. MayRule tells whether the caller may change them.</summary>
    public sealed record Response(
        PersonRef Person, string Email, OrganizationRole Role, MemberStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? LastActiveAt, bool Erased, bool MayRule,
        IReadOnlyList<TeamItem> Teams, IReadOnlyList<AccessItem> Access, InvitationView? Invitation);

    /// <summary>A team of theirs.</summary>
    public sealed record TeamItem(Guid Id, string Name, TeamSource Source);

    /// <summary>A role in a project; Team = the team that gives it, or null for a role of their own.</summary>
    public sealed record AccessItem(Guid ProjectId, string Project, ProjectRole Role, string? Team, DateTimeOffset Since, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var found = await (
                from m in db.OrganizationMembers.AsNoTracking()
                join p in db.Users.AsNoTracking() on m.PersonId equals p.Id
                where m.PersonId == query.PersonId
                select new { Member = m, Name = m.Status == MemberStatus.Invited && (p.PasswordHash != null || p.EmailConfirmed) ? p.Email! : p.DisplayName, p.Email, Active = db.Sessions.Where(s => s.PersonId == m.PersonId).Max(s => (DateTimeOffset?)s.LastActiveAt) }).SingleOrDefaultAsync(ct);
            if (found is null) return RequestErrors.NotFound;
            var teams = await (
                from m in db.TeamMembers.AsNoTracking() join t in db.Teams on m.TeamId equals t.Id where m.PersonId == query.PersonId orderby t.Name select new TeamItem(t.Id, t.Name, t.Source)).ToListAsync(ct);
            var own = await (
                from m in db.ProjectMembers.AsNoTracking() join p in db.Projects on m.ProjectId equals p.Id
                where m.PersonId == query.PersonId && p.DeletedAt == null
                select new AccessItem(p.Id, p.Name, m.Role, null, m.CreatedAt, m.ValidFrom, m.ValidUntil)).ToListAsync(ct);
            var byTeam = await (
                from m in db.TeamMembers.AsNoTracking()
                join pt in db.ProjectTeams on m.TeamId equals pt.TeamId
                join t in db.Teams on m.TeamId equals t.Id
                join p in db.Projects on pt.ProjectId equals p.Id
                where m.PersonId == query.PersonId && p.DeletedAt == null
                select new { p.Id, p.Name, pt.Role, Team = t.Name, Joined = m.CreatedAt, Given = pt.CreatedAt }).ToListAsync(ct);
            var invitations = await InvitationView.OfAsync(db, found.Member.Status == MemberStatus.Invited ? [query.PersonId] : [], clock.GetUtcNow(), ct);
            return new Response(
                new PersonRef(query.PersonId.ToString(), found.Name), found.Email ?? "", found.Member.Role, found.Member.Status, found.Member.CreatedAt, found.Active, found.Member.ErasedAt is not null,
                PersonRules.MayRule(user.OrganizationRole, found.Member.Role), teams,
                [.. own.Concat(byTeam.Select(b => new AccessItem(b.Id, b.Name, b.Role, b.Team, b.Joined > b.Given ? b.Joined : b.Given, null, null))).OrderBy(a => a.Project, StringComparer.OrdinalIgnoreCase).ThenBy(a => a.Team)],
                invitations.GetValueOrDefault(query.PersonId));
        }
    }
}
