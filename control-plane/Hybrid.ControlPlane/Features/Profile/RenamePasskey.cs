using FluentValidation;
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

/// <summary>Renames a passkey.</summary>
public static class RenamePasskey
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPut("/passkeys/{passkeyId:guid}", Endpoint).WithName(nameof(RenamePasskey)).WithSummary("Renames a passkey.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid passkeyId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(passkeyId, body.Name), ct)).ToHttp();

    /// <summary>What the person calls it from now on.</summary>
    public sealed record Body(string Name);

    /// <summary>Which, and its name.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [Audits(AuditActs.PasskeyRenamed)]
    public sealed record Command(Guid PasskeyId, string Name) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Name).IsName(Passkey.MaxName);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var passkey = await db.Passkeys.SingleOrDefaultAsync(k => k.Id == command.PasskeyId && k.PersonId == user.PersonId, ct);
            if (passkey is null) return RequestErrors.NotFound;
            passkey.Name = command.Name.Trim();
            audit.Record(AuditActs.PasskeyRenamed, null, [user.PersonId, passkey.Id]);
            return Done.Value;
        }
    }
}
