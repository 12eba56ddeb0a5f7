using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hybrid.StorageAgent.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Hybrid.StorageAgent.Delivery;

/// <summary>
/// The customer's certificate with its chain and key, from PEM files; read again when they change, so that a renewal needs no restart. What
/// cannot be read leaves the old one in use, said once for each change: the files of a renewal rarely appear at one moment.
/// </summary>
internal sealed partial class CustomerCertificate(string certificateFile, string keyFile, ILogger<CustomerCertificate> logger)
{
    private readonly Lock gate = new();
    private (DateTime Certificate, DateTime Key) read;
    private SslStreamCertificateContext? context;

    /// <summary>What is shown to the next one who connects.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (gate)
            {
                var now = (File.GetLastWriteTimeUtc(certificateFile), File.GetLastWriteTimeUtc(keyFile));
                if (context is not null && now == read) return context;
                read = now;
                try
                {
                    context = Read(certificateFile, keyFile);
                    Shown(context.TargetCertificate.Subject, context.TargetCertificate.NotAfter.ToUniversalTime());
                }
                catch (Exception broken) when (context is not null && IsUnreadable(broken))
                {
                    Kept(certificateFile, broken.GetType().Name);
                }

                return context;
            }
        }
    }

    /// <summary>Serves https with it on every listener.</summary>
    public static void Use(WebApplicationBuilder builder, AgentOptions options)
    {
        if (options is not { CertificateFile: { } certificate, CertificateKeyFile: { } key }) return;
        builder.Services.AddSingleton(s => new CustomerCertificate(certificate, key, s.GetRequiredService<ILogger<CustomerCertificate>>()));
        builder.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = k.ApplicationServices.GetRequiredService<CustomerCertificate>().Current }),
        })));
    }

    /// <summary>Why the files cannot serve, with the mend; null when they can.</summary>
    public static string? Mistake(string certificateFile, string keyFile, DateTimeOffset now)
    {
        try
        {
            var until = Read(certificateFile, keyFile).TargetCertificate.NotAfter;
            return until > now ? null : $"certificateFile {certificateFile} has lapsed on {until:yyyy-MM-dd}: renew it.";
        }
        catch (Exception broken) when (IsUnreadable(broken))
        {
            return $"certificateFile {certificateFile} and certificateKeyFile {keyFile} are not a certificate and its key in PEM, readable by this process.";
        }
    }

    // A key of another certificate is an ArgumentException: so it is between the two writes of a renewal.
    private static bool IsUnreadable(Exception broken) => broken is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    // The first certificate of the file is the server's own; what follows are its intermediates.
    private static SslStreamCertificateContext Read(string certificateFile, string keyFile)
    {
        var own = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    [LoggerMessage(3200, LogLevel.Information, "The certificate of {Subject} is served until {Until:u}")]
    private partial void Shown(string subject, DateTime until);

    [LoggerMessage(3201, LogLevel.Error, "{File} changed and cannot be read ({Kind}): the certificate of before stays in use")]
    private partial void Kept(string file, string kind);
}
