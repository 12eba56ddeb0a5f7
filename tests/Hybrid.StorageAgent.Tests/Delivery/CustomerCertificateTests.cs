using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hybrid.StorageAgent.Delivery;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Delivery;

/// <summary>https by the customer's own certificate, renewed under the running agent.</summary>
public sealed class CustomerCertificateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-certificate").FullName;

    private string Certificate => Path.Combine(folder, "tls.crt");

    private string Key => Path.Combine(folder, "tls.key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Certificate_WhenItsFilesChange_IsServedToTheNextOne_AndABrokenOneIsNot()
    {
        var first = Issue("first", DateTimeOffset.UtcNow.AddDays(30));
        var port = TestServers.FreePort();
        await using var agent = await RunningAgent.StartAsync(TimeProvider.System, o => (o.Listen, o.PublicUrl, o.CertificateFile, o.CertificateKeyFile) = ($"https://127.0.0.1:{port}", new Uri($"https://localhost:{port}"), Certificate, Key),
            new Hybrid.StorageAgent.Configuration.ConnectionOptions { Name = "folder", Provider = "file", Folder = folder });

        Assert.Equal(first, await ShownAsync(port));
        var second = Issue("second", DateTimeOffset.UtcNow.AddDays(60));
        Assert.Equal(second, await ShownAsync(port));
        await File.WriteAllTextAsync(Certificate, "-----BEGIN CERTIFICATE-----\nhalf a", TestContext.Current.CancellationToken);
        Assert.Equal(second, await ShownAsync(port));
        File.Delete(Key);
        Assert.Equal(second, await ShownAsync(port));
        var third = Issue("third", DateTimeOffset.UtcNow.AddDays(90));
        Assert.Equal(third, await ShownAsync(port));

        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://127.0.0.1:{port}/health/live"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Files_ThatCannotServe_AreNamedWithTheMend()
    {
        Assert.Contains("are not a certificate and its key in PEM", CustomerCertificate.Mistake(Certificate, Key, DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Issue("lapsed", DateTimeOffset.UtcNow.AddDays(-1));
        Assert.Contains("has lapsed on", CustomerCertificate.Mistake(Certificate, Key, DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Issue("good", DateTimeOffset.UtcNow.AddDays(1));
        Assert.Null(CustomerCertificate.Mistake(Certificate, Key, DateTimeOffset.UtcNow));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Key, other.ExportPkcs8PrivateKeyPem());
        Assert.Contains("are not a certificate and its key in PEM", CustomerCertificate.Mistake(Certificate, Key, DateTimeOffset.UtcNow), StringComparison.Ordinal);
    }

    private string Issue(string name, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(until.AddDays(-365), until);
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        return certificate.Thumbprint;
    }

    private static async Task<string> ShownAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        var shown = "";
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) =>
        {
            shown = ((X509Certificate2)certificate!).Thumbprint;
            return shown.Length > 0;
        });
        await tls.AuthenticateAsClientAsync("localhost");
        return shown;
    }
}
