using System.Security.Claims;
using System.Text.Encodings.Web;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>An enrolled replica, by its assertion (RFC 7523); each assertion is taken once.</summary>
internal sealed class AgentAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    ControlPlaneDb db, ControlPlaneOptions host, ReplayMemory replay, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "agent";
    public const string AgentClaim = "agent";
    public const string OrganizationClaim = "agent_org";
    public const string KeyClaim = "agent_key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal)) return AuthenticateResult.NoResult();
        var token = header["Bearer ".Length..];
        if (AgentAssertion.Claimed(token) is not { } claimed) return AuthenticateResult.Fail("malformed");
        var now = clock.GetUtcNow();
        // The organization is known only from this row.
        var found = await (
            from k in db.Through(Doors.AgentKey, claimed.KeyId)
            join a in db.Through(Doors.AgentOfKey, claimed.KeyId) on k.AgentId equals a.Id
            where k.AgentId == claimed.AgentId && (k.RevokedAt == null || k.RevokedAt > now) && a.RevokedAt == null
            select new { k.Jwk, a.OrganizationId }).SingleOrDefaultAsync(Context.RequestAborted);
        if (found is null || !EcPublicJwk.TryParse(found.Jwk, out var key)) return AuthenticateResult.Fail("unknown or revoked");
        var assertion = AgentAssertion.Read(token, key, host.PublicUrl.GetLeftPart(UriPartial.Authority), now);
        if (!assertion.IsOk) return AuthenticateResult.Fail(assertion.Refusal!.Code);
        // The client asks for a token once and sends it with the negotiation and with the transport: each may use it once.

        if (Request.Path.Value!.EndsWith("/negotiate", StringComparison.Ordinal) && replay.Take(new Proof(assertion.Value.KeyId, assertion.Value.TokenId, null)) is not null) return AuthenticateResult.Fail("replayed");
        var identity = new ClaimsIdentity(
            [new Claim(AgentClaim, claimed.AgentId.ToString()), new Claim(OrganizationClaim, found.OrganizationId.ToString()), new Claim(KeyClaim, claimed.KeyId)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
