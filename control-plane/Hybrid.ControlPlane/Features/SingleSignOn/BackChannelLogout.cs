using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Ends sessions when the identity provider says so (OpenID Connect Back-Channel Logout 1.0).</summary>
public static class BackChannelLogout
{
    /// <summary>The only route that takes a form: the standard asks for one (§ 2.5).</summary>
    public const string Path = "/sso/backchannel-logout";

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost(Path + "/{providerId:guid}", Endpoint).WithName(nameof(BackChannelLogout)).WithTags("Session")
        .WithSummary("Takes a logout token of the identity provider.").OpenToAll("the provider's signature is what it goes by").Audits(AuditActs.SessionsEndedByProvider).ExcludeFromDescription();

    private static async Task<Results<Ok, ProblemHttpResult>> Endpoint(Guid providerId, IMediator mediator, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > 65_536) return ResultToHttp.ToProblem(Unfit);
        var token = (await http.Request.ReadFormAsync(ct))["logout_token"].ToString();
        var result = await mediator.Send(new Command(providerId, token), ct);
        return result.IsSuccess ? TypedResults.Ok() : ResultToHttp.ToProblem(result.Refusal!);
    }

    private static readonly Error Unfit = new(ErrorKind.Invalid, "sso.logout_token_invalid", "The logout token is not valid.", "No session was ended. Send a new logout token, signed by the configured issuer.");

    /// <summary>The token.</summary>
    public sealed record Command(Guid ProviderId, string Token) : IUnscopedCommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, OpenIdConnection connection, SessionEnd end, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var provider = await db.Through(Doors.ProviderOfId, command.ProviderId).SingleOrDefaultAsync(ct);
            if (provider is null) return Unfit;
            Microsoft.IdentityModel.JsonWebTokens.JsonWebToken token;
            try
            {
                token = await connection.ValidateLogoutAsync(provider, command.Token, ct);
            }
            catch (ProviderFailedException)
            {
                return Unfit;
            }

            var digest = SHA256.HashData(Encoding.UTF8.GetBytes(token.Id));
            var now = clock.GetUtcNow();
            await using var scope = await TenantScope.OpenAsync(db, provider.OrganizationId, null, ct, $"logout {provider.Id}");
            if (await db.TakenLogoutTokens.AnyAsync(t => t.Digest == digest, ct)) return Unfit;
            await db.TakenLogoutTokens.Where(t => t.ExpiresAt < now).ExecuteDeleteAsync(ct);
            db.TakenLogoutTokens.Add(TakenLogoutToken.Create(provider.OrganizationId, digest, new DateTimeOffset(token.ValidTo, TimeSpan.Zero).AddMinutes(10)));

            var subject = token.Subject;
            var sid = token.TryGetPayloadValue<string>("sid", out var named) ? named : null;
            // With a sid that one session ends; with a subject alone all of them.
            var sessions = db.Sessions.Where(s => s.Issuer == provider.Issuer && (sid != null ? s.IssuerSession == sid : s.IssuerSubject == subject));
            var ended = await end.EndAsync(sessions, ct);
            audit.RecordAs(ActorKind.System, null, AuditActs.SessionsEndedByProvider, null, ended.Select(e => e.PersonId).Distinct(), new { provider = provider.Id, sessions = ended.Count });
            await scope.CommitAsync(ct);
            return Done.Value;
        }
    }
}
