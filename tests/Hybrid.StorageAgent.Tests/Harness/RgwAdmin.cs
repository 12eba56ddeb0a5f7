using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>IAM of the run's Ceph RGW, by its owner: policies of the user who may only take on the role, and of the role itself. And users, by the gateway's own tool.</summary>
internal static class RgwAdmin
{
    private const string Name = "hybrid-agent";

    public static Task PutUserPolicyAsync(string policy) => AskAsync(("Action", "PutUserPolicy"), ("UserName", Name), ("PolicyName", "test"), ("PolicyDocument", policy));

    public static Task PutRolePolicyAsync(string policy) => AskAsync(("Action", "PutRolePolicy"), ("RoleName", Name), ("PolicyName", "test"), ("PolicyDocument", policy));

    public static Task CreateUserAsync(string name, string accessKey, string secretKey) => RunAsync("user", "create", "--uid", name, "--display-name", name, "--access-key", accessKey, "--secret-key", secretKey);

    public static Task GiveKeyAsync(string name, string accessKey, string secretKey) => RunAsync("key", "create", "--uid", name, "--key-type", "s3", "--access-key", accessKey, "--secret-key", secretKey);

    public static Task TakeKeyAsync(string name, string accessKey) => RunAsync("key", "rm", "--uid", name, "--key-type", "s3", "--access-key", accessKey);

    public static Task SuspendAsync(string name) => RunAsync("user", "suspend", "--uid", name);

    public static Task EnableAsync(string name) => RunAsync("user", "enable", "--uid", name);

    // The script that started the server wrote its files beside each other.
    private static async Task RunAsync(params string[] arguments)
    {
        var cluster = Path.GetDirectoryName(Environment.GetEnvironmentVariable("HYBRID_TEST_RGW"))!;
        using var process = Process.Start(new ProcessStartInfo("radosgw-admin", ["-c", Path.Combine(cluster, "ceph.conf"), "-n", "client.rgw.a", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{await output}\n{await error}");
    }

    // AWS General Reference, "Signing AWS requests", header form: IAM knows no other.
    private static async Task AskAsync(params (string Name, string Value)[] parameters)
    {
        var server = RgwServer.Get();
        var body = Encoding.ASCII.GetBytes(string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}")));
        var stamp = DateTimeOffset.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var (scope, hash, host) = ($"{stamp[..8]}/us-east-1/iam/aws4_request", Convert.ToHexStringLower(SHA256.HashData(body)), server.Endpoint.Authority);
        const string Signed = "host;x-amz-content-sha256;x-amz-date";
        var canonical = $"POST\n/\n\nhost:{host}\nx-amz-content-sha256:{hash}\nx-amz-date:{stamp}\n\n{Signed}\n{hash}";
        var key = scope.Split('/').Aggregate(Encoding.ASCII.GetBytes("AWS4" + server.SecretKey), (k, part) => HMACSHA256.HashData(k, Encoding.ASCII.GetBytes(part)));
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)))}";
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", hash);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={server.AccessKey}/{scope}, SignedHeaders={Signed}, Signature={Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(toSign)))}");
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
