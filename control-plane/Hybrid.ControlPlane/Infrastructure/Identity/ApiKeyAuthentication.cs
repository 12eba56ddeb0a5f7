using System.Security.Claims;
using System.Text.Encodings.Web;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>
/// A program, by its API key (RFC 6750 § 2.1). Beside the key nothing of the request identifies anybody: its cookies are not read, so that
/// no other site can make use of them.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IServiceScopeFactory scopes, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "api-key";
    private const string Bearer = "Bearer ";
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Whether a request comes with a key instead of a session.</summary>
    public static bool Carries(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith(Bearer + "hyk1_", StringComparison.Ordinal);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Carries(Request)) return AuthenticateResult.NoResult();
        if (ApiKeyText.Parse(Request.Headers.Authorization.ToString()[Bearer.Length..]) is not { } text) return AuthenticateResult.Fail("malformed");
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var now = clock.GetUtcNow();
        var hash = text.Hash();
        // The organization is known only from this row.
        var found = await (
            from k in db.Through(Doors.ApiKeyOfSecret, hash)
            join m in db.Through(Doors.MemberOfApiKey, hash) on new { k.OrganizationId, PersonId = k.AccountId } equals new { m.OrganizationId, m.PersonId }
            where k.Prefix == text.Prefix && m.Status != MemberStatus.Deactivated
            select new { Key = k, m.Role }).SingleOrDefaultAsync(Context.RequestAborted);
        if (found is null || !found.Key.Is(text) || !found.Key.IsLive(now) || !found.Key.ComesFrom(Context.Connection.RemoteIpAddress)) return AuthenticateResult.Fail("refused");
        await NoteUseAsync(db, found.Key, now);
        return AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(found.Key, found.Role), SchemeName));
    }

    // One answer for a key that never was, lapsed, was revoked or came from elsewhere.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (ScimHttp.IsScim(Context)) Response.Headers.WWWAuthenticate = "Bearer realm=\"scim\"";
        return ScimHttp.Refusal(Context, AccessErrors.KeyRefused).ExecuteAsync(Context);
    }

    // The session's own routes ask for more than a key, and for a program do not exist; the directory's ask for a key of their scope.
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ScimHttp.Refusal(Context, ScimHttp.IsScim(Context) ? AccessErrors.OutOfScope : RequestErrors.NotFound).ExecuteAsync(Context);

    private async Task NoteUseAsync(ControlPlaneDb db, ApiKey key, DateTimeOffset now)
    {
        if (key.LastUsedAt > now - UseIsNotedEvery) return;
        await using var tenant = await TenantScope.OpenAsync(db, key.OrganizationId, key.AccountId, Context.RequestAborted);
        await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedAt, now), Context.RequestAborted);
        await tenant.CommitAsync(Context.RequestAborted);
    }

    private static ClaimsPrincipal PrincipalOf(ApiKey key, OrganizationRole role) => new(new ClaimsIdentity(
        [
            new Claim(SessionClaims.Person, key.AccountId.ToString()),
            new Claim(SessionClaims.Organization, key.OrganizationId.ToString()),
            new Claim(SessionClaims.OrganizationRole, role.ToString()),
            new Claim(SessionClaims.KeyThumbprint, key.KeyThumbprint ?? ""),
            new Claim(SessionClaims.Unlocked, "1"),
            new Claim(SessionClaims.Key, key.Id.ToString()),
            new Claim(SessionClaims.KeyAllProjects, key.Projects is null ? "1" : "0"),
            .. key.Scopes.Select(s => new Claim(SessionClaims.KeyScope, s)),
            .. (key.Projects ?? []).Select(p => new Claim(SessionClaims.KeyProject, p.ToString())),
        ],
        SchemeName));
}
