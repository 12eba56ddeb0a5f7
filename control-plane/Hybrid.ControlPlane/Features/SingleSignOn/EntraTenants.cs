using System.Collections.Concurrent;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>
/// Tenants of Microsoft Entra ID, set up by Microsoft.Identity.Web: it says where a tenant of a cloud is, reads its metadata and keys, and
/// validates issuers. Its own set-up is one per application and made at the start; organizations bring theirs while the host runs, so each tenant
/// gets a set-up of its own, in a container of its own (ADR 16).
/// </summary>
internal sealed class EntraTenants(ControlPlaneOptions options) : IDisposable
{
    private const string Scheme = "entra";

    /// <summary>More tenants than are signed in to at once; with more, all set-ups are made anew.</summary>
    private const int Most = 200;

    private static readonly Dictionary<EntraCloud, Uri> Published = new()
    {
        [EntraCloud.Public] = new("https://login.microsoftonline.com/"),
        [EntraCloud.UsGovernment] = new("https://login.microsoftonline.us/"),
        [EntraCloud.China] = new("https://login.partner.microsoftonline.cn/"),
    };

    private readonly ConcurrentDictionary<(EntraCloud Cloud, Guid Tenant, string ClientId), Lazy<Tenant>> tenants = new();

    /// <summary>The issuer of a tenant's tokens (version 2.0).</summary>
    public string IssuerOf(EntraCloud cloud, Guid tenantId) => new Uri(InstanceOf(cloud), $"{tenantId}/v2.0").ToString();

    /// <summary>Where the tenant's metadata and keys come from; they are kept as long as Microsoft.IdentityModel does.</summary>
    public IConfigurationManager<OpenIdConnectConfiguration> MetadataOf(IdentityProvider provider) => Of(provider).Options.ConfigurationManager!;

    /// <summary>How tokens of the tenant are validated: by Microsoft.Identity.Web's issuer validation for it.</summary>
    public TokenValidationParameters ValidationOf(IdentityProvider provider) => Of(provider).Options.TokenValidationParameters.Clone();

    public void Dispose()
    {
        foreach (var tenant in tenants.Values.Where(t => t.IsValueCreated)) tenant.Value.Services.Dispose();
    }

    private Uri InstanceOf(EntraCloud cloud) => options.SingleSignOn.EntraInstances.GetValueOrDefault(cloud.ToString()) ?? Published[cloud];

    private Tenant Of(IdentityProvider provider)
    {
        var key = (provider.Cloud!.Value, provider.TenantId!.Value, provider.ClientId);
        // Set-ups that are thrown away hold no connection of anybody's sign-in: they are made again when they are wanted.
        if (tenants.Count > Most) tenants.Clear();
        return tenants.GetOrAdd(key, k => new Lazy<Tenant>(() => Build(k.Item1, k.Item2, k.Item3))).Value;
    }

    private Tenant Build(EntraCloud cloud, Guid tenantId, string clientId)
    {
        var hosts = options.SingleSignOn.AllowedHosts;
        var instance = InstanceOf(cloud);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        // Nothing of it is ever protected: state, nonce and verifier are the product's own (SignInStates).
        services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        services.AddHttpClient();
        // Whatever the library asks, it asks no private address and follows no redirect.
        services.ConfigureHttpClientDefaults(c => c.ConfigurePrimaryHttpMessageHandler(() => GuardedHttp.Handler(hosts)).ConfigureHttpClient(h => GuardedHttp.Bound(h)));
        // Nobody signs in here: the set-up asks for the name of a scheme that would keep who did.
        services.AddAuthentication("none").AddMicrosoftIdentityWebApp(
            o =>
            {
                o.Instance = instance.ToString();
                o.TenantId = tenantId.ToString();
                o.ClientId = clientId;
                o.ResponseType = OpenIdConnectResponseType.Code;
            },
            null, Scheme, cookieScheme: null);
        // The library takes neither of these over from its own options.
        services.Configure<OpenIdConnectOptions>(Scheme, o =>
        {
            o.Backchannel = GuardedHttp.Client(hosts);
            // Plain http only of a host that the operator names, as for every provider (OpenIdConnection).
            o.RequireHttpsMetadata = instance.Scheme == Uri.UriSchemeHttps;
        });
        var provider = services.BuildServiceProvider();
        return new Tenant(provider, provider.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(Scheme));
    }

    private sealed record Tenant(ServiceProvider Services, OpenIdConnectOptions Options);
}
