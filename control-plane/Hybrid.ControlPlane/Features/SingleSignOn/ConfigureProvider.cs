using System.Text.Json;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Sets the organization's identity provider, after asking it for its discovery document.</summary>
public static class ConfigureProvider
{
    internal static void Map(IEndpointRouteBuilder sso) => sso.MapPut("", Endpoint).WithName(nameof(ConfigureProvider)).WithSummary("Sets the identity provider.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, OpenIdConnection connection, EntraTenants entra, CancellationToken ct)
    {
        // The provider is asked before the transaction that wants its answer (which is kept for a while): a slow one must hold up nobody, and on
        // SQLite a transaction is everybody's. Only owners can make us ask.
        var may = await mediator.Send(new MayQuery(), ct);
        if (!may.IsSuccess) return ResultToHttp.ToProblem(may.Refusal!);
        if (new Validator().Validate(body).IsValid) await connection.TryDiscoverAsync(Identified(IdentityProvider.Create(Guid.Empty, DateTimeOffset.UnixEpoch), body, entra), ct);
        return (await mediator.Send(body, ct)).ToHttp();
    }

    private static IdentityProvider Identified(IdentityProvider provider, Command command, EntraTenants entra)
    {
        var issuer = command.Entra is { } tenant ? entra.IssuerOf(tenant.Cloud, tenant.TenantId) : command.Issuer!;
        provider.BeOf(command.Entra?.Cloud, command.Entra?.TenantId);
        provider.Identify(command.Name.Trim(), issuer, command.ClientId, command.Scopes);
        return provider;
    }

    /// <summary>A tenant of Microsoft Entra ID.</summary>
    public sealed record EntraTenant(EntraCloud Cloud, Guid TenantId);

    /// <summary>Whether the caller may configure a provider, and has proven that it is they.</summary>
    [Act(Acts.SingleSignOnManage)]
    [StepUp]
    public sealed record MayQuery : IQuery<Done>;

    /// <summary>
    /// The provider: any by its issuer, or Microsoft Entra ID by its tenant. It knows the product by a secret or by a certificate with its key (PEM);
    /// when both are left out, what is there stays as it is.
    /// </summary>
    [Act(Acts.SingleSignOnManage)]
    [StepUp]
    [Audits(AuditActs.IdentityProviderConfigured)]
    public sealed record Command(
        string Name, string? Issuer, string ClientId, string? ClientSecret, string Scopes, string GroupsClaim, IReadOnlyList<GroupRule> Mapping, bool JustInTime, bool Enforced,
        IReadOnlyList<Guid> BreakGlass, EntraTenant? Entra = null, string? ClientCertificate = null) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Name).IsName(100);
            RuleFor(c => c.Issuer).Empty().When(c => c.Entra is not null).WithMessage("The issuer of Entra ID is its tenant's.");
            RuleFor(c => c.Entra!.TenantId).NotEmpty().When(c => c.Entra is not null);
            RuleFor(c => c.Entra!.Cloud).IsInEnum().When(c => c.Entra is not null);
            RuleFor(c => c.ClientCertificate).MaximumLength(20_000).Must(IsCertificate).WithMessage("A certificate with its private RSA key of at least 2,048 bits, both in PEM.")
                .Must((c, certificate) => string.IsNullOrEmpty(certificate) || string.IsNullOrEmpty(c.ClientSecret)).WithMessage("Give a secret or a certificate, not both.");
            RuleFor(c => c.Issuer).NotEmpty().When(c => c.Entra is null).MaximumLength(500);
            RuleFor(c => c.Issuer).Must(i => Uri.TryCreate(i, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Query.Length == 0 && uri.Fragment.Length == 0)
                .When(c => c.Entra is null).WithMessage("An issuer is an https address without query and fragment.");
            RuleFor(c => c.ClientId).IsName(255);
            RuleFor(c => c.ClientSecret).MaximumLength(1000);
            RuleFor(c => c.Scopes).NotNull().MaximumLength(500).Must(s => s is not null && s.Split(' ').Contains("openid")).WithMessage("Scopes are separated by blanks and hold openid.");
            RuleFor(c => c.GroupsClaim).IsName(100);
            RuleFor(c => c.Mapping).NotNull().Must(m => m is null || m.Count <= 500).WithMessage("At most 500 rules.");
            RuleForEach(c => c.Mapping).NotNull().ChildRules(r =>
            {
                r.RuleFor(x => x.Group).IsName(255);
                // Owners are made by owners alone: no claim makes one.
                r.RuleFor(x => x.OrganizationRole).Must(o => o is null or Domain.Organizations.OrganizationRole.Member or Domain.Organizations.OrganizationRole.Admin).WithMessage("A group gives member or admin.");
                r.RuleFor(x => x.ProjectRole).IsInEnum();
                r.RuleFor(x => x).Must(x => (x.ProjectId is null) == (x.ProjectRole is null) && new[] { x.OrganizationRole is not null, x.ProjectId is not null, x.TeamId is not null }.Count(given => given) == 1)
                    .WithMessage("A rule gives an organization role, a role in a project, or a place in a team.");
            });
            RuleFor(c => c.BreakGlass).NotNull().Must(b => b is null || b.Count <= 20).WithMessage("At most 20 people.");
        }
    }

    private static bool IsCertificate(string? pem)
    {
        if (string.IsNullOrEmpty(pem)) return true;
        using var certificate = ClientAssertion.Read(pem);
        return certificate is not null;
    }

    internal sealed class MayHandler : IRequestHandler<MayQuery, Result<Done>>
    {
        public Task<Result<Done>> Handle(MayQuery query, CancellationToken ct) => Task.FromResult<Result<Done>>(Done.Value);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, OpenIdConnection connection, EntraTenants entra, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var owners = await db.OrganizationMembers.Where(m => m.Role == OrganizationRole.Owner).Select(m => m.PersonId).ToListAsync(ct);
            if (command.BreakGlass.Except(owners).Any() || (command.Enforced && command.BreakGlass.Count == 0)) return SingleSignOnErrors.BreakGlass;
            var projects = command.Mapping.Select(r => r.ProjectId).OfType<Guid>().Distinct().ToList();
            if (await db.Projects.CountAsync(p => projects.Contains(p.Id), ct) != projects.Count) return SingleSignOnErrors.UnknownProject;
            var named = command.Mapping.Select(r => r.TeamId).OfType<Guid>().Distinct().ToList();
            var teams = await db.Teams.Where(t => named.Contains(t.Id) || t.Source == TeamSource.GroupsClaim).ToListAsync(ct);
            if (teams.Count(t => named.Contains(t.Id) && t.Source != TeamSource.Scim) != named.Count) return SingleSignOnErrors.UnknownTeam;

            var provider = await db.IdentityProviders.SingleOrDefaultAsync(ct);
            // A secret given to one provider is never sent to another one that somebody puts in its place.
            var wanted = Identified(IdentityProvider.Create(user.OrganizationId, clock.GetUtcNow()), command, entra);
            var credential = string.IsNullOrEmpty(command.ClientCertificate) ? command.ClientSecret : command.ClientCertificate;
            if (string.IsNullOrEmpty(credential) && (provider is null || provider.Issuer != wanted.Issuer || provider.ClientId != wanted.ClientId)) return SingleSignOnErrors.SecretMissing;
            try
            {
                await connection.DiscoverAsync(wanted, ct);
            }
            catch (ProviderFailedException failed)
            {
                return SingleSignOnErrors.NoSuchProvider(failed);
            }

            if (provider is null) db.IdentityProviders.Add(provider = wanted);
            else Identified(provider, command, entra);
            if (!string.IsNullOrEmpty(credential)) provider.ReplaceSecret(string.IsNullOrEmpty(command.ClientCertificate) ? ClientCredential.Secret : ClientCredential.Certificate, connection.Protect(credential));
            provider.Admit(command.GroupsClaim, JsonSerializer.Serialize(command.Mapping), command.JustInTime, command.Enforced, command.BreakGlass);
            // A team that follows the claim is nobody else's to fill; one that follows it no longer goes back to the admins as it is.
            foreach (var team in teams) team.HandOver(named.Contains(team.Id) ? TeamSource.GroupsClaim : TeamSource.Manual, null);
            audit.Record(AuditActs.IdentityProviderConfigured, null, [provider.Id], new { enforced = command.Enforced, justInTime = command.JustInTime, rules = command.Mapping.Count, teams = named.Count });
            return Done.Value;
        }
    }
}
