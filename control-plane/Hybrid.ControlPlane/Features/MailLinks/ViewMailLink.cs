using FluentValidation;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>Shows whose a link is, to whoever holds it; uses nothing up.</summary>
public static class ViewMailLink
{
    internal static void Map(IEndpointRouteBuilder links) => links.MapPost("/view", Endpoint).WithName(nameof(ViewMailLink)).WithSummary("Whose a link from a mail is.")
        .OpenToAll("the link's secret is the proof").ChangesNothing("looks only");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The link's secret.</summary>
    public sealed record Command(string Token) : IUnscopedCommand<Response>;

    /// <summary>What for, whose, where, and until when; HasAccount says that its person has to sign in to join.</summary>
    public sealed record Response(MailLinkKind Kind, string Email, string Name, string Organization, DateTimeOffset ExpiresAt, bool HasAccount);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Token).NotEmpty().MaximumLength(100);
    }

    internal sealed class Handler(ControlPlaneDb db, Infrastructure.Mail.MailLinks links) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await links.FindAsync(command.Token, ct) is not { } found) return MailLinkErrors.Dead;
            var known = found.Link.Kind == MailLinkKind.Invitation && await links.HasAccountAsync(found, ct);
            await using var scope = await TenantScope.OpenAsync(db, found.Link.OrganizationId, null, ct);
            var organization = await db.Organizations.AsNoTracking().Where(o => o.Id == found.Link.OrganizationId).Select(o => o.Name).SingleAsync(ct);
            return new Response(found.Link.Kind, found.Person.Email!, known ? found.Person.Email! : found.Person.DisplayName, organization, found.Link.ExpiresAt, known);
        }
    }
}
