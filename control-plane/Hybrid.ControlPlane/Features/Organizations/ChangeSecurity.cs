using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Organizations;

/// <summary>Changes how sessions of the organization end and who needs a second factor.</summary>
public static class ChangeSecurity
{
    internal static void Map(IEndpointRouteBuilder organization) => organization.MapPut("/security", Endpoint).WithName(nameof(ChangeSecurity)).WithSummary("Changes how people sign in.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The settings: a session ends after so many idle minutes (5–480) and after so many hours (1–24); MfaFrom is the least role that needs a second factor.</summary>
    [Act(Acts.SecurityManage)]
    [StepUp]
    [Audits(AuditActs.OrganizationSecurityChanged)]
    public sealed record Command(int IdleMinutes, int AbsoluteHours, OrganizationRole? MfaFrom) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.IdleMinutes).InclusiveBetween(5, 480);
            RuleFor(c => c.AbsoluteHours).InclusiveBetween(1, 24);
            RuleFor(c => c.MfaFrom).IsInEnum();
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var organization = await db.Organizations.SingleAsync(o => o.Id == user.OrganizationId, ct);
            organization.Secure(command.IdleMinutes, command.AbsoluteHours, command.MfaFrom);
            audit.Record(AuditActs.OrganizationSecurityChanged, null, [organization.Id], new { command.IdleMinutes, command.AbsoluteHours, mfaFrom = command.MfaFrom?.ToString() });
            return Done.Value;
        }
    }
}
