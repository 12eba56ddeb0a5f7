using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Hybrid.StorageAgent.Tests.Providers;

/// <summary>A store behind a certificate of the customer's own authority.</summary>
public sealed class StorageHttpTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-ca").FullName;
    private readonly int port = TestServers.FreePort();
    private WebApplication store = null!;
    private X509Certificate2 served = null!;
    private X509Certificate2 lapsed = null!;

    public async ValueTask InitializeAsync()
    {
        using var ca = Authority("Hospital CA");
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), ca.ExportCertificatePem());
        using var other = Authority("Other CA");
        await File.WriteAllTextAsync(Path.Combine(folder, "other.crt"), other.ExportCertificatePem());
        served = Server(ca, DateTimeOffset.UtcNow.AddHours(1));
        lapsed = Server(ca, DateTimeOffset.UtcNow.AddMinutes(-1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, l => l.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => served })));
        store = builder.Build();
        store.Run(context => context.Response.WriteAsync("picture"));
        await store.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Store_WhoseAuthorityIsNamed_IsTrusted() => Assert.Equal("picture"u8.ToArray(), await ReadAsync("ca.crt", "localhost"));

    [Theory]
    [InlineData(null, "localhost")]
    [InlineData("other.crt", "localhost")]
    // The right authority, but not for this name.
    [InlineData("ca.crt", "127.0.0.1")]
    public async Task Store_WhoseCertificateIsNotTrusted_IsRefusedByName(string? ca, string host) =>
        Assert.Equal("storage.certificate", (await Assert.ThrowsAsync<StorageException>(() => ReadAsync(ca, host))).Code);

    [Fact]
    public async Task Store_WhoseCertificateHasLapsed_IsRefusedUntilItIsRenewed()
    {
        var renewed = served;
        served = lapsed;
        var refused = await Assert.ThrowsAsync<StorageException>(() => ReadAsync("ca.crt", "localhost"));
        Assert.Equal("storage.certificate", refused.Code);
        Assert.Contains("has lapsed, or is not valid yet. Renew the store's certificate", refused.Message, StringComparison.Ordinal);

        served = renewed;
        Assert.Equal("picture"u8.ToArray(), await ReadAsync("ca.crt", "localhost"));
    }

    private async Task<byte[]> ReadAsync(string? ca, string host)
    {
        using var provider = new S3Provider(
            new ConnectionOptions { Name = "c", Provider = "s3", Bucket = "b", AccessKey = "K", SecretKey = "S", Endpoint = new Uri($"https://{host}:{port}"), CaFile = ca is null ? null : Path.Combine(folder, ca) },
            TimeProvider.System);
        return await provider.ReadStartAsync(new ObjectReference("c", "a.png", null), 7, TestContext.Current.CancellationToken);
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Server(X509Certificate2 ca, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(ca, DateTimeOffset.UtcNow.AddHours(-1), until, [1, 2, 3]);
        return issued.CopyWithPrivateKey(key);
    }
}
