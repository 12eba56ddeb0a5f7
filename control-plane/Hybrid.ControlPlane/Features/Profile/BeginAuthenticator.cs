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
using QRCoder;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Makes the seed of an authenticator app and shows it once; it counts only after a code of it was given.</summary>
public static class BeginAuthenticator
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPost("/authenticator", Endpoint).WithName(nameof(BeginAuthenticator)).WithSummary("Begins to set up an authenticator app.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(), ct)).ToHttp();

    /// <summary>Begins.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [StepUp]
    [Audits(AuditActs.AuthenticatorBegun)]
    public sealed record Command : ICommand<Response>;

    /// <summary>The seed in base 32, the address that apps read (otpauth), and the same as a QR code (SVG).</summary>
    public sealed record Response(string Seed, string Uri, string QrSvg);

    internal sealed class Handler(ControlPlaneDb db, SecondFactor factor, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            var (seed, kept) = factor.NewSeed();
            person.PendingSeed = kept;
            audit.Record(AuditActs.AuthenticatorBegun, null, [person.Id]);
            var uri = $"otpauth://totp/{Uri.EscapeDataString($"Hybrid:{person.Email}")}?secret={seed}&issuer=Hybrid&digits=6&period=30";
            using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
            using var svg = new SvgQRCode(code);
            return new Response(seed, uri, svg.GetGraphic(4));
        }
    }
}
