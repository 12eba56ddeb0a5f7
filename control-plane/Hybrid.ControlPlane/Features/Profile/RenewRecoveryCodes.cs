using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Makes ten new recovery codes; those before are void.</summary>
public static class RenewRecoveryCodes
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPost("/recovery-codes", Endpoint).WithName(nameof(RenewRecoveryCodes)).WithSummary("Makes new recovery codes.").Sends<Command>();

    private static async Task<Results<Ok<IssuedCodes>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(), ct)).ToHttp();

    /// <summary>Renews.</summary>
    [Act(Acts.OrganizationUse)]
    [StepUp]
    [Audits(AuditActs.RecoveryCodesRenewed)]
    public sealed record Command : ICommand<IssuedCodes>;

    internal sealed class Handler(ControlPlaneDb db, SecondFactor factor, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<IssuedCodes>>
    {
        public async Task<Result<IssuedCodes>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            if (!await db.Users.AnyAsync(p => p.Id == user.PersonId && p.TwoFactorEnabled, ct)) return ProfileErrors.NoAuthenticator;
            var codes = await factor.RenewRecoveryCodesAsync(user.PersonId, ct);
            audit.Record(AuditActs.RecoveryCodesRenewed, null, [user.PersonId]);
            return new IssuedCodes(codes);
        }
    }
}
