using FluentValidation;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Session;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Finds the identity provider of an e-mail address by its domain alone: who has an account makes no difference.</summary>
public static class DiscoverProvider
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/discover", Endpoint).WithName(nameof(DiscoverProvider))
        .WithSummary("The identity provider of an e-mail address.").OpenToAll("nobody has a session yet").ChangesNothing("it only looks").RequireRateLimiting(SessionRoutes.Limiter);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The address.</summary>
    public sealed record Command(string Email) : IUnscopedCommand<Response>;

    /// <summary>The provider, or null: a password it is.</summary>
    public sealed record Response(Found? Provider);

    /// <summary>What the sign-in page needs of a provider.</summary>
    public sealed record Found(Guid Id, string Name);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Email).NotEmpty().MaximumLength(256);
    }

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (DomainProof.Of(command.Email) is not { } domain) return new Response(null);
            // Nobody has signed in: the organization is what is looked for.
            var found = await db.Through(Doors.ProviderOfDomain, domain).Select(p => new Found(p.Id, p.Name)).SingleOrDefaultAsync(ct);
            return new Response(found);
        }
    }
}
