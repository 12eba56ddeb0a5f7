using System.Security.Cryptography.X509Certificates;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers;

/// <summary>Connections to stores: configured endpoints only, so redirects are never followed; the connection's own authorities, if it names any.</summary>
internal static class StorageHttp
{
    /// <summary>A handler for one connection's clients.</summary>
    public static SocketsHttpHandler Handler(ConnectionOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.Timeout,
            // Addresses of stores change; a connection that lives for ever would never see it.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.CaFile is { } file) handler.SslOptions.CertificateChainPolicy = Trust(file);
        return handler;
    }

    /// <summary>Trust in the authorities of a PEM file and in no others.</summary>
    public static X509ChainPolicy Trust(string caFile)
    {
        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trusted.CustomTrustStore.ImportFromPemFile(caFile);
        return trusted;
    }
}
