using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Session;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>
/// Takes the identity provider's answer. 1. The state must be this browser's. 2. The code gives an ID token for this sign-in. 3. Its subject is
/// a linked person, or becomes one: by the person's own session, or just in time when nobody has the address. 4. Groups give and take roles.
/// 5. A session begins, locked until the browser proves its key.
/// </summary>
public static class FinishSingleSignOn
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapGet("/sso/callback", Endpoint).WithName(nameof(FinishSingleSignOn))
        .WithSummary("Takes the identity provider's answer.").OpenToAll("the state in the cookie is what it goes by").Audits(AuditActs.SignedIn, AuditActs.PersonLinked).RequireRateLimiting(SessionRoutes.Limiter);

    private static async Task<RedirectHttpResult> Endpoint(
        IMediator mediator, SignInStates states, ICurrentUser user, HttpContext http, CancellationToken ct, string? code = null, string? state = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        // 1
        var begun = states.Take(http, state);
        if (begun is null) return Failed(SingleSignOnErrors.State);
        if (string.IsNullOrEmpty(code) || code.Length > 4096) return Failed(SingleSignOnErrors.Refused);
        if (begun.LinkSession is { } link && (!user.IsSignedIn || user.SessionId != link)) return Failed(SingleSignOnErrors.State);
        var result = await mediator.Send(new Command(code, begun, begun.LinkSession is null ? null : user.PersonId, UserAgents.Shown(http.Request)), ct);
        if (!result.IsSuccess) return Failed(result.Refusal!);
        if (result.Value.Session is { } session)
        {
            var ticket = SessionStore.Ticket(session, result.Value.Role, result.Value.MfaFrom, result.Value.Token);
            await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        }

        return TypedResults.Redirect(begun.ReturnTo);
    }

    // The page shows the refusal's own text; nothing of the provider's answer is echoed.
    private static RedirectHttpResult Failed(Error error) => TypedResults.Redirect("/sign-in?sso-error=" + error.Code);

    /// <summary>The answer, and the person who links themselves with it.</summary>
    public sealed record Command(string Code, SignInState Begun, Guid? LinkTo, string UserAgent) : IUnscopedCommand<Signed>;

    /// <summary>The session that began; null when an account was linked.</summary>
    public sealed record Signed(Persistence.Session? Session, OrganizationRole Role, OrganizationRole? MfaFrom, string Token);

    internal sealed class Handler(ControlPlaneDb db, OpenIdConnection connection, ProviderSignOut signOut, UserManager<Person> users, LeaseRelease leases, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Signed>>
    {
        public async Task<Result<Signed>> Handle(Command command, CancellationToken ct)
        {
            var provider = await db.Through(Doors.ProviderOfId, command.Begun.ProviderId).SingleOrDefaultAsync(ct);
            if (provider is null) return SingleSignOnErrors.NoProvider;

            // 2
            JsonWebToken token;
            try
            {
                token = await connection.RedeemAsync(provider, command.Code, command.Begun.Nonce, command.Begun.Verifier, ct);
            }
            catch (ProviderFailedException)
            {
                return await RefuseAsync(provider, SingleSignOnErrors.Refused, ct);
            }

            if (token.Subject is not { Length: > 0 and <= 255 }) return await RefuseAsync(provider, SingleSignOnErrors.Refused, ct);

            // Without the list nobody could be taken out of anything any more; to go on as before would keep what a group took.
            if (command.LinkTo is null && LeavesGroupsOut(provider, token)) return await RefuseAsync(provider, SingleSignOnErrors.TooManyGroups, ct);

            // 3
            await using var scope = await TenantScope.OpenAsync(db, provider.OrganizationId, command.LinkTo, ct, $"sso {provider.OrganizationId} {token.Subject}");
            var now = clock.GetUtcNow();
            var login = await db.ExternalLogins.SingleOrDefaultAsync(l => l.Issuer == provider.Issuer && l.Subject == token.Subject, ct);
            if (command.LinkTo is { } self)
            {
                if (login is not null && login.PersonId != self) return SingleSignOnErrors.AlreadyLinked;
                if (login is null) db.ExternalLogins.Add(ExternalLogin.Create(provider.OrganizationId, provider.Issuer, token.Subject, self, now));
                audit.RecordAs(ActorKind.User, self, AuditActs.PersonLinked, null, [self, provider.Id]);
                await scope.CommitAsync(ct);
                return new Signed(null, default, null, "");
            }

            login ??= await LinkBroughtAsync(provider, token, now, ct);
            if (login is null)
            {
                var added = await AddAsync(provider, token, now, ct);
                if (!added.IsSuccess)
                {
                    await scope.DisposeAsync();
                    return await RefuseAsync(provider, added.Refusal!, ct);
                }

                login = added.Value;
            }

            var member = await db.OrganizationMembers.SingleOrDefaultAsync(m => m.PersonId == login.PersonId, ct) ?? db.OrganizationMembers.Local.SingleOrDefault(m => m.PersonId == login.PersonId);
            if (member is null || member.Status == MemberStatus.Deactivated) return SingleSignOnErrors.NotAdmitted;
            member.Join();

            // 4
            await MapGroupsAsync(provider, token, member, now, ct);
            await MapTeamsAsync(provider, token, member, now, ct);

            // 5
            var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == provider.OrganizationId, ct);
            var person = await db.Users.FindAsync([member.PersonId], ct);
            // The provider says whether it asked for more than one factor (RFC 8176); where it did not, our own is asked.
            var mfa = token.Claims.Any(c => c is { Type: "amr", Value: "mfa" }) ? 2 : 1;
            var (session, value) = SessionStore.Begin(organization, person!, command.Begun.KeyThumbprint, command.UserAgent, mfa, now);
            (session.Issuer, session.IssuerSubject) = (provider.Issuer, token.Subject);
            session.IssuerSession = token.TryGetPayloadValue<string>("sid", out var sid) && sid.Length <= 255 ? sid : null;
            session.ProtectedIdToken = signOut.Protect(token.EncodedToken);
            db.Sessions.Add(session);
            audit.RecordAs(ActorKind.User, member.PersonId, AuditActs.SignedIn, null, [session.Id], new { mfa, provider = provider.Id });
            await scope.CommitAsync(ct);
            return new Signed(session, member.Role, organization.MfaFrom, value);
        }

        /// <summary>
        /// Somebody whom the organization's directory brought, by the provider's own id of them, which the directory gave under a key that an owner issued:
        /// no address decides. Only an account that was never used is taken, and only once.
        /// </summary>
        private async Task<ExternalLogin?> LinkBroughtAsync(IdentityProvider provider, JsonWebToken token, DateTimeOffset now, CancellationToken ct)
        {
            var ids = new List<string> { token.Subject };
            if (provider.Kind == IdentityProviderKind.EntraId && token.TryGetPayloadValue<string>("oid", out var oid)) ids.Add(oid);
            var person = await (
                from e in db.DirectoryEntries
                join p in db.Users on e.PersonId equals p.Id
                where e.BroughtPerson && e.ExternalId != null && ids.Contains(e.ExternalId) && p.PasswordHash == null && !db.ExternalLogins.Any(l => l.PersonId == p.Id)
                select (Guid?)p.Id).Take(2).ToListAsync(ct);
            if (person is not [{ } id] || await db.Through(Doors.MembershipsOfPerson, id).AnyAsync(m => m.OrganizationId != provider.OrganizationId, ct)) return null;
            var login = ExternalLogin.Create(provider.OrganizationId, provider.Issuer, token.Subject, id, now);
            db.ExternalLogins.Add(login);
            audit.RecordAs(ActorKind.System, null, AuditActs.PersonLinked, null, [id, provider.Id], new { directory = true });
            return login;
        }

        private async Task<Result<ExternalLogin>> AddAsync(IdentityProvider provider, JsonWebToken token, DateTimeOffset now, CancellationToken ct)
        {
            if (!provider.JustInTime || AddressOf(provider, token) is not { Length: <= 256 } email) return SingleSignOnErrors.NotAdmitted;
            var domain = DomainProof.Of(email);
            if (!await db.IdentityDomains.AnyAsync(d => d.Domain == domain && d.VerifiedAt != null, ct)) return SingleSignOnErrors.NotAdmitted;
            // Never linked by the address: whoever may write it at the provider would be that person here.
            if (await users.FindByEmailAsync(email) is not null) return SingleSignOnErrors.AccountExists;

            var name = token.TryGetPayloadValue<string>("name", out var given) && given.Trim().Length is > 0 and <= 200 && !given.Any(char.IsControl) ? given.Trim() : email.Length <= 200 ? email : email[..200];
            var person = new Person { Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = true, DisplayName = name, CreatedAt = now };
            if (!(await users.CreateAsync(person)).Succeeded) return SingleSignOnErrors.NotAdmitted;
            db.OrganizationMembers.Add(OrganizationMember.Create(provider.OrganizationId, person.Id, OrganizationRole.Member, now));
            var login = ExternalLogin.Create(provider.OrganizationId, provider.Issuer, token.Subject, person.Id, now);
            db.ExternalLogins.Add(login);
            audit.RecordAs(ActorKind.System, null, AuditActs.PersonAdded, null, [person.Id], new { role = nameof(OrganizationRole.Member), provider = provider.Id });
            return login;
        }

        // Entra ID says of no address that it is verified; a tenant's user names end in domains that the tenant has proven there. Its e-mail claim
        // can be anything that the tenant's admins write.
        private static string? AddressOf(IdentityProvider provider, JsonWebToken token)
        {
            if (provider.Kind == IdentityProviderKind.EntraId) return token.TryGetPayloadValue<string>("preferred_username", out var name) && name.Contains('@', StringComparison.Ordinal) ? name : null;
            return token.TryGetPayloadValue<string>("email", out var email) && token.TryGetPayloadValue<bool>("email_verified", out var verified) && verified ? email : null;
        }

        // More than 200 groups: the token names a place to ask instead (OpenID Connect Core 1.0 § 5.6.2, distributed claims).
        private static bool LeavesGroupsOut(IdentityProvider provider, JsonWebToken token) =>
            provider.Mapping != "[]" && !token.Claims.Any(c => c.Type == provider.GroupsClaim)
            && ((token.TryGetPayloadValue<JsonElement>("_claim_names", out var elsewhere) && elsewhere.ValueKind == JsonValueKind.Object && elsewhere.TryGetProperty(provider.GroupsClaim, out _))
                || (token.TryGetPayloadValue<bool>("hasgroups", out var has) && has));

        private async Task MapGroupsAsync(IdentityProvider provider, JsonWebToken token, OrganizationMember member, DateTimeOffset now, CancellationToken ct)
        {
            var rules = JsonSerializer.Deserialize<List<GroupRule>>(provider.Mapping)!;
            // Without the claim nothing is known: nothing is given, and nothing taken.
            if (rules.Count == 0 || !token.Claims.Any(c => c.Type == provider.GroupsClaim)) return;
            var groups = token.Claims.Where(c => c.Type == provider.GroupsClaim).Select(c => c.Value).ToHashSet(StringComparer.Ordinal);
            var given = rules.Where(r => groups.Contains(r.Group)).ToList();
            if (rules.Any(r => r.OrganizationRole is not null) && member.Role != OrganizationRole.Owner)
                member.ChangeRole(given.Select(r => r.OrganizationRole).OfType<OrganizationRole>().DefaultIfEmpty(OrganizationRole.Member).Max());

            var wanted = given.Where(r => r.ProjectId is not null).GroupBy(r => r.ProjectId!.Value).ToDictionary(g => g.Key, g => g.Max(r => r.ProjectRole!.Value));
            var marks = await db.MappedMemberships.Where(m => m.PersonId == member.PersonId).ToListAsync(ct);
            var places = await db.ProjectMembers.Where(m => m.PersonId == member.PersonId).ToListAsync(ct);
            foreach (var mark in marks.Where(m => !wanted.ContainsKey(m.ProjectId)))
            {
                db.MappedMemberships.Remove(mark);
                if (await db.ProjectMembers.Where(p => p.ProjectId == mark.ProjectId && p.PersonId == member.PersonId).ExecuteDeleteAsync(ct) == 0) continue;
                await leases.AfterLossAsync([member.PersonId], [mark.ProjectId], ct);
                audit.RecordAs(ActorKind.System, null, AuditActs.MemberRemoved, mark.ProjectId, [member.PersonId], new { provider = provider.Id });
            }

            var projects = wanted.Keys.ToList();
            foreach (var project in await db.Projects.Where(p => projects.Contains(p.Id)).Select(p => p.Id).ToListAsync(ct))
            {
                var place = places.SingleOrDefault(p => p.ProjectId == project);
                var ofGroup = marks.Any(m => m.ProjectId == project);
                // What a person gave stays as it is.
                if (place is not null && (!ofGroup || place.Role == wanted[project])) continue;
                if (place is not null) place.ChangeRole(wanted[project]);
                else db.ProjectMembers.Add(ProjectMember.Create(provider.OrganizationId, project, member.PersonId, wanted[project], now));
                if (!ofGroup) db.MappedMemberships.Add(MappedMembership.Create(provider.OrganizationId, project, member.PersonId));
                audit.RecordAs(ActorKind.System, null, place is null ? AuditActs.MemberAdded : AuditActs.MemberRoleChanged, project, [member.PersonId], new { role = wanted[project].ToString(), provider = provider.Id });
            }
        }

        private async Task MapTeamsAsync(IdentityProvider provider, JsonWebToken token, OrganizationMember member, DateTimeOffset now, CancellationToken ct)
        {
            var rules = JsonSerializer.Deserialize<List<GroupRule>>(provider.Mapping)!.Where(r => r.TeamId is not null).ToList();
            if (rules.Count == 0 || !token.Claims.Any(c => c.Type == provider.GroupsClaim)) return;
            var groups = token.Claims.Where(c => c.Type == provider.GroupsClaim).Select(c => c.Value).ToHashSet(StringComparer.Ordinal);
            var named = rules.Select(r => r.TeamId!.Value).ToHashSet();
            // Only what follows the claim, and is still there, is anything to the claim.
            var teams = await db.Teams.Where(t => t.Source == TeamSource.GroupsClaim && named.Contains(t.Id)).Select(t => t.Id).ToListAsync(ct);
            var wanted = rules.Where(r => groups.Contains(r.Group)).Select(r => r.TeamId!.Value).Intersect(teams).ToHashSet();
            var before = await db.TeamMembers.Where(m => m.PersonId == member.PersonId && teams.Contains(m.TeamId)).Select(m => m.TeamId).ToListAsync(ct);
            foreach (var team in wanted.Except(before))
            {
                db.TeamMembers.Add(TeamMember.Create(provider.OrganizationId, team, member.PersonId, now));
                audit.RecordAs(ActorKind.System, null, AuditActs.TeamMemberAdded, null, [team, member.PersonId], new { provider = provider.Id });
            }

            var gone = before.Except(wanted).ToList();
            if (gone.Count == 0) return;
            foreach (var team in gone) audit.RecordAs(ActorKind.System, null, AuditActs.TeamMemberRemoved, null, [team, member.PersonId], new { provider = provider.Id });
            await db.TeamMembers.Where(m => m.PersonId == member.PersonId && gone.Contains(m.TeamId)).ExecuteDeleteAsync(ct);
            // What is given counts before it is asked what was lost.
            await db.SaveChangesAsync(ct);
            await leases.AfterLossAsync([member.PersonId], null, ct);
        }

        private async Task<Error> RefuseAsync(IdentityProvider provider, Error refusal, CancellationToken ct)
        {
            await using var scope = await TenantScope.OpenAsync(db, provider.OrganizationId, null, ct);
            audit.RecordAs(ActorKind.System, null, AuditActs.SignInRefused, null, [provider.Id], new { code = refusal.Code });
            await scope.CommitAsync(ct);
            return refusal;
        }
    }
}
