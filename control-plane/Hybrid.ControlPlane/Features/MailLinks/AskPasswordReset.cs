using FluentValidation;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mail;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>
/// Asks for a link that sets a new password. One answer for every address, by one statement for every address: whether there is an account is
/// looked up afterwards, by the worker.
/// </summary>
public static class AskPasswordReset
{
    internal static void Map(IEndpointRouteBuilder links) => links.MapPost("/password-reset", Endpoint).WithName(nameof(AskPasswordReset)).WithSummary("Asks for a mail with a link that sets a new password.")
        .OpenToAll("who forgot the password has no session").ChangesNothing("the mail that may follow is in the log");

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, SignInDelays delays, CancellationToken ct) =>
        await delays.CountAsync("reset", ct) is { } early ? ResultToHttp.ToProblem(early) : (await mediator.Send(body, ct)).ToHttp();

    /// <summary>For which account.</summary>
    public sealed record Command(string Email) : IUnscopedCommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Email).NotEmpty().MaximumLength(256);
    }

    internal sealed class Handler(ControlPlaneDb db, ControlPlaneOptions options, ILookupNormalizer normalizer, MailWorker worker, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            // Without a way out wishes would only pile up.
            if (!options.Mail.IsOn) return Done.Value;
            var email = normalizer.NormalizeEmail(command.Email.Trim());
            await db.Database.ExecuteSqlRawAsync("insert into password_reset_requests (normalized_email, asked_at) values ({0}, {1}) on conflict (normalized_email) do nothing", [email, db.AsKept(clock.GetUtcNow())], ct);
            worker.Wake();
            return Done.Value;
        }
    }
}
