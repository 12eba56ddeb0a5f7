using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Gives up the authenticator where no one requires it or a passkey stays; without either the recovery codes go too.</summary>
public static class RemoveAuthenticator
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapDelete("/authenticator", Endpoint).WithName(nameof(RemoveAuthenticator)).WithSummary("Removes the authenticator app.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(), ct)).ToHttp();

    /// <summary>Removes.</summary>
    [Act(Acts.OrganizationUse)]
    [StepUp]
    [Audits(AuditActs.AuthenticatorRemoved)]
    public sealed record Command : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var stays = await db.Passkeys.AnyAsync(k => k.PersonId == user.PersonId, ct);
            if (!stays && user.OrganizationRole >= user.MfaFrom) return ProfileErrors.StillRequired;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (person.AuthenticatorSeed is null) return ProfileErrors.NoAuthenticator;
            (person.AuthenticatorSeed, person.PendingSeed, person.TwoFactorEnabled) = (null, null, stays);
            if (!stays) await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ExecuteDeleteAsync(ct);
            audit.Record(AuditActs.AuthenticatorRemoved, null, [person.Id]);
            return Done.Value;
        }
    }
}
