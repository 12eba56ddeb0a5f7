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

/// <summary>Chooses the language that one is spoken to in, in whatever browser.</summary>
public static class ChangeLanguage
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPut("/language", Endpoint).WithName(nameof(ChangeLanguage)).WithSummary("Chooses the language that you are spoken to in.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>A code of <see cref="Languages"/>; null leaves it to the browser.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [Audits(AuditActs.PersonLanguageChanged)]
    public sealed record Command(string? Language) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Language).Must(code => code is null || Languages.All.Contains(code)).WithMessage($"Choose one of {string.Join(", ", Languages.All)}, or none.");
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (person.Language == command.Language)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            person.Language = command.Language;
            audit.Record(AuditActs.PersonLanguageChanged, null, [person.Id], new { language = command.Language });
            return Done.Value;
        }
    }
}
