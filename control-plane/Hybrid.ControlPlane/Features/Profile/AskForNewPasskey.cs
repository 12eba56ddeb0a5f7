using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Asks the browser's authenticators for a new passkey; it counts only after their answer was added.</summary>
public static class AskForNewPasskey
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPost("/passkeys/options", Endpoint).WithName(nameof(AskForNewPasskey)).WithSummary("What a browser asks its authenticators to make a passkey.")
        .Sends<Query>().ChangesNothing("the question goes to the browser and back, sealed");

    private static async Task<Results<Ok<PasskeyQuestion>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>Asks.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [StepUp]
    public sealed record Query : IQuery<PasskeyQuestion>;

    internal sealed class Handler(ControlPlaneDb db, PasskeyCeremonies passkeys, ICurrentUser user) : IRequestHandler<Query, Result<PasskeyQuestion>>
    {
        public async Task<Result<PasskeyQuestion>> Handle(Query query, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (await db.Passkeys.CountAsync(k => k.PersonId == person.Id, ct) >= AddPasskeyRule.Most) return ProfileErrors.TooManyPasskeys;
            return await passkeys.AskForNewAsync(person, user.SessionId);
        }
    }
}
