using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>Takes the client's address from <c>X-Forwarded-For</c> where a proxy that the operator names sent it: what counts wrong tries and binds API keys to networks goes by it.</summary>
internal static class TrustedProxies
{
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0) return app;
        // As far back as the proxies themselves vouch for.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
            else options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }

        return app.UseForwardedHeaders(options);
    }
}
