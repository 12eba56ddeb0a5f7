using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Gives a person another organization role. Only owners rule over owners; the last one stays.</summary>
public static class ChangePersonRole
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapPut("/{personId:guid}/role", Endpoint).WithName(nameof(ChangePersonRole)).WithSummary("Changes an organization role.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(personId, body.Role), ct)).ToHttp();

    /// <summary>The new role.</summary>
    public sealed record Body(OrganizationRole Role);

    /// <summary>Changes a role.</summary>
    [Act(Acts.PeopleManage)]
    [StepUp]
    [Audits(AuditActs.PersonRoleChanged)]
    public sealed record Command(Guid PersonId, OrganizationRole Role) : ICommand<Done>, ITakesTurns
    {
        /// <summary>Two owners who leave at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => "organization roles";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Role).IsInEnum();
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var member = await db.OrganizationMembers.SingleOrDefaultAsync(m => m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, member.Role) || !PersonRules.MayRule(user.OrganizationRole, command.Role)) return RequestErrors.Forbidden;
            if (member.Role == command.Role)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            if (await PersonRules.IsLastOwnerAsync(db, member, ct)) return PersonRules.LastOwner;
            audit.Record(AuditActs.PersonRoleChanged, null, [member.PersonId], new { from = member.Role.ToString(), to = command.Role.ToString() });
            member.ChangeRole(command.Role);
            return Done.Value;
        }
    }
}
