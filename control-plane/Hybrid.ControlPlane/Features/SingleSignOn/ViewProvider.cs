using System.Text.Json;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Shows the organization's identity provider and domains; the secret never.</summary>
public static class ViewProvider
{
    internal static void Map(IEndpointRouteBuilder sso) => sso.MapGet("", Endpoint).WithName(nameof(ViewProvider)).WithSummary("The identity provider and the domains.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>Asks for it.</summary>
    [Act(Acts.SingleSignOnManage)]
    public sealed record Query : IQuery<Response>;

    /// <summary>The provider (null = none yet), the domains, and the addresses to register at the provider.</summary>
    public sealed record Response(Provider? Provider, IReadOnlyList<Domain> Domains, string RedirectUri, string PostLogoutRedirectUri, string? BackChannelLogoutUri);

    /// <summary>A tenant of Microsoft Entra ID.</summary>
    public sealed record EntraTenant(EntraCloud Cloud, Guid TenantId);

    /// <summary>The provider without its secret.</summary>
    public sealed record Provider(
        Guid Id, string Name, string Issuer, string ClientId, string Scopes, string GroupsClaim, IReadOnlyList<GroupRule> Mapping, bool JustInTime, bool Enforced, IReadOnlyList<Guid> BreakGlass,
        EntraTenant? Entra, ClientCredential Credential);

    /// <summary>A domain, and the TXT record that proves it.</summary>
    public sealed record Domain(string Name, string TxtName, string TxtValue, DateTimeOffset? VerifiedAt);

    internal sealed class Handler(ControlPlaneDb db, OpenIdConnection connection) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var provider = await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(ct);
            var domains = await db.IdentityDomains.AsNoTracking().OrderBy(d => d.Domain).ToListAsync(ct);
            return new Response(
                provider is null ? null : new Provider(
                    provider.Id, provider.Name, provider.Issuer, provider.ClientId, provider.Scopes, provider.GroupsClaim,
                    JsonSerializer.Deserialize<List<GroupRule>>(provider.Mapping)!, provider.JustInTime, provider.Enforced, provider.BreakGlass,
                    provider.TenantId is { } tenant ? new EntraTenant(provider.Cloud!.Value, tenant) : null, provider.Credential),
                [.. domains.Select(d => new Domain(d.Domain, DomainProof.RecordOf(d.Domain), DomainProof.ValueOf(d.Token), d.VerifiedAt))],
                connection.RedirectUri,
                connection.PostLogoutRedirectUri,
                provider is null ? null : connection.BackChannelLogoutUri(provider.Id));
        }
    }
}
