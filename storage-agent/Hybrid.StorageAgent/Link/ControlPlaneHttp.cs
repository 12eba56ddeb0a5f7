using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Life;
using Hybrid.StorageAgent.Providers;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Hybrid.StorageAgent.Link;

/// <summary>The way to the control plane: through the customer's proxy, by the authorities that the customer trusts; redirects are never followed.</summary>
internal static class ControlPlaneHttp
{
    /// <summary>A client for the few requests beside the link.</summary>
    public static HttpClient Client(AgentOptions options, ClockWatch? watch = null) => new(Watched(options, watch)) { Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>Why a request did not arrive, and what to do.</summary>
    public static string Mend(AgentOptions options, HttpRequestException failed) => failed.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"{options.ControlPlane} has no address here: check the name and this machine's resolver.",
        HttpRequestError.SecureConnectionError when HasLapsed(failed) => $"{options.ControlPlane} shows a certificate that has lapsed or is not valid yet: its operator renews it; if it is right, this machine's clock is not.",
        HttpRequestError.SecureConnectionError => $"{options.ControlPlane} shows a certificate that is not trusted here: name its authority's PEM file in controlPlaneCaFile, or find out who stands between.",
        HttpRequestError.ProxyTunnelError => $"The proxy on the way to {options.ControlPlane} refused: check proxy and proxyCredentialsFile, and that it lets this address through.",
        _ => $"{options.ControlPlane} does not answer ({failed.HttpRequestError}): check address, proxy and firewall.",
    };

    /// <summary>Leads the link the same way, whichever transport it takes.</summary>
    public static void Apply(AgentOptions options, HttpConnectionOptions link, ClockWatch watch)
    {
        link.HttpMessageHandlerFactory = _ => Watched(options, watch);
        link.WebSocketConfiguration = socket => Apply(options, socket);
    }

    // The runtime names the chain's errors by their own names, in every language.
    private static bool HasLapsed(Exception failed) => failed.InnerException is System.Security.Authentication.AuthenticationException { Message: { } why } && why.Contains(nameof(X509ChainStatusFlags.NotTimeValid), StringComparison.Ordinal);

    private static HttpMessageHandler Watched(AgentOptions options, ClockWatch? watch) => watch?.Watching(Handler(options)) ?? (HttpMessageHandler)Handler(options);

    private static SocketsHttpHandler Handler(AgentOptions options)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (Proxy(options) is { } proxy) handler.Proxy = proxy;
        if (options.ControlPlaneCaFile is { } file) handler.SslOptions.CertificateChainPolicy = StorageHttp.Trust(file);
        return handler;
    }

    private static void Apply(AgentOptions options, ClientWebSocketOptions socket)
    {
        if (Proxy(options) is { } proxy) socket.Proxy = proxy;
        // A web socket takes no chain policy, so the chain is built by ours here.
        if (options.ControlPlaneCaFile is { } file) socket.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(file, certificate, errors);
    }

    private static bool IsTrusted(string caFile, X509Certificate? certificate, SslPolicyErrors errors)
    {
        // The name is checked before, and what is wrong with it stays wrong.
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || certificate is not X509Certificate2 presented) return false;
        using var chain = new X509Chain { ChainPolicy = StorageHttp.Trust(caFile) };
        return chain.Build(presented);
    }

    private static WebProxy? Proxy(AgentOptions options)
    {
        if (options.Proxy is not { } address) return null;
        var proxy = new WebProxy(address);
        if (options.ProxyCredentialsFile is { } file && File.ReadLines(file).FirstOrDefault()?.Split(':', 2) is [var name, var secret]) proxy.Credentials = new NetworkCredential(name, secret);
        return proxy;
    }
}
