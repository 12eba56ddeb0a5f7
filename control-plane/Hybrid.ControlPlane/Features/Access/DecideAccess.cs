using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Access;

/// <summary>Confirms a way of access, or revokes it: both are recorded with who decided, and when.</summary>
public static class DecideAccess
{
    internal static void Map(IEndpointRouteBuilder access) =>
        access.MapPost("/decisions", Endpoint).WithName(nameof(DecideAccess)).WithSummary("Confirms or revokes access.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>Which way of whom, and what is decided.</summary>
    /// <param name="ProjectId">The project.</param>
    /// <param name="PersonId">The person.</param>
    /// <param name="TeamId">The team that gives the access, or null for a role of their own. Revoking it takes the person out of the team.</param>
    /// <param name="Verdict">Confirmed or revoked.</param>
    [Act(Acts.AccessReview)]
    [Audits(AuditActs.AccessConfirmed, AuditActs.AccessRevoked)]
    public sealed record Command(Guid ProjectId, Guid PersonId, Guid? TeamId, AccessVerdict Verdict) : ICommand<Done>, ITakesTurns
    {
        /// <summary>Two admins who take each other's role at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"members {ProjectId}";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Verdict).IsInEnum();
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, LeaseRelease leases, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var (project, person) = (command.ProjectId, command.PersonId);
            ProjectRole role;
            if (command.TeamId is { } teamId)
            {
                var found = await (
                    from pt in db.ProjectTeams.AsNoTracking()
                    join m in db.TeamMembers.AsNoTracking() on pt.TeamId equals m.TeamId
                    join t in db.Teams.AsNoTracking() on pt.TeamId equals t.Id
                    where pt.ProjectId == project && pt.TeamId == teamId && m.PersonId == person
                    select new { pt.Role, t.Source }).SingleOrDefaultAsync(ct);
                if (found is null) return RequestErrors.NotFound;
                role = found.Role;
                if (command.Verdict == AccessVerdict.Revoked)
                {
                    if (found.Source != TeamSource.Manual) return Teams.TeamErrors.Synchronized;
                    await db.TeamMembers.Where(m => m.TeamId == teamId && m.PersonId == person).ExecuteDeleteAsync(ct);
                    await leases.AfterLossAsync([person], null, ct);
                }
            }
            else
            {
                var member = await db.ProjectMembers.AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == project && m.PersonId == person, ct);
                if (member is null) return RequestErrors.NotFound;
                role = member.Role;
                if (command.Verdict == AccessVerdict.Revoked)
                {
                    if (await Projects.MemberRules.IsLastAdminAsync(db, member, ct)) return Projects.ProjectErrors.LastAdmin;
                    await db.ProjectMembers.Where(m => m.ProjectId == project && m.PersonId == person).ExecuteDeleteAsync(ct);
                    await leases.AfterLossAsync([person], [project], ct);
                }
            }

            db.AccessReviews.Add(AccessReview.Create(user.OrganizationId, project, person, command.TeamId, role, command.Verdict, user.PersonId, clock.GetUtcNow()));
            audit.Record(
                command.Verdict == AccessVerdict.Confirmed ? AuditActs.AccessConfirmed : AuditActs.AccessRevoked, project, command.TeamId is { } team ? [person, team] : [person], new { role = role.ToString() });
            return Done.Value;
        }
    }
}
