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

/// <summary>Removes a passkey; the last second factor, and the last way in, only when that is said to be meant.</summary>
public static class RemovePasskey
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapDelete("/passkeys/{passkeyId:guid}", Endpoint).WithName(nameof(RemovePasskey)).WithSummary("Removes a passkey.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid passkeyId, bool? confirmed, IMediator mediator, SessionsElsewhere elsewhere, ICurrentUser user, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(passkeyId, confirmed ?? false), ct);
        if (result.IsSuccess) await elsewhere.EndAsync(user.PersonId, user.OrganizationId, ct);
        return result.ToHttp();
    }

    /// <summary>Which, and whether it goes even if nothing takes its place.</summary>
    [Act(Acts.OrganizationUse)]
    [StepUp]
    [Audits(AuditActs.PasskeyRemoved)]
    public sealed record Command(Guid PasskeyId, bool Confirmed) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, SessionEnd end, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var passkey = await db.Passkeys.SingleOrDefaultAsync(k => k.Id == command.PasskeyId && k.PersonId == user.PersonId, ct);
            if (passkey is null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            var stays = person.AuthenticatorSeed is not null || await db.Passkeys.AnyAsync(k => k.PersonId == person.Id && k.Id != passkey.Id, ct);
            if (!stays && user.OrganizationRole >= user.MfaFrom) return ProfileErrors.PasskeyRequired;
            if (!stays && !command.Confirmed) return ProfileErrors.LastFactor;
            db.Passkeys.Remove(passkey);
            if (!stays)
            {
                person.TwoFactorEnabled = false;
                await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ExecuteDeleteAsync(ct);
            }

            // Who removes a passkey may have lost its device: what it signed in elsewhere ends.
            var ended = await end.EndAsync(db.Sessions.Where(s => s.PersonId == person.Id && s.Id != user.SessionId), ct);
            audit.Record(AuditActs.PasskeyRemoved, null, [person.Id, passkey.Id], new { sessionsEnded = ended.Count });
            return Done.Value;
        }
    }
}
