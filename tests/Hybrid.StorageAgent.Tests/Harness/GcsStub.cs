using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>
/// Cloud Storage as far as the agent asks it: the JSON API's list and media, the XML API's signed GET. Google offers no server to run, so
/// this one checks the V4 signature from the raw request by itself, by Google's published rules, which the vectors prove for both sides.
/// </summary>
internal sealed class GcsStub : IAsyncDisposable
{
    public const string Bucket = "scans";
    public const string Email = "hybrid-agent@project.iam.gserviceaccount.com";

    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (byte[] Content, string Generation)> objects = new(StringComparer.Ordinal);
    private readonly WebApplication app;

    private GcsStub(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    /// <summary>Raw targets of the requests, oldest first.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>A service account whose tokens come from this server.</summary>
    public GoogleCredential Account => new ServiceAccountCredential(
        new ServiceAccountCredential.Initializer(Email, new Uri(Url, "/token").ToString()).FromPrivateKey(key.ExportPkcs8PrivateKeyPem())).ToGoogleCredential();

    /// <summary>The same as a key file's text.</summary>
    public string KeyFile => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account", ["project_id"] = "project", ["private_key_id"] = "1", ["private_key"] = key.ExportPkcs8PrivateKeyPem(), ["client_email"] = Email, ["client_id"] = "1",
        ["token_uri"] = new Uri(Url, "/token").ToString(),
    });

    public static async Task<GcsStub> StartAsync(IEnumerable<KeyValuePair<string, byte[]>> objects)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = new Uri($"http://127.0.0.1:{TestServers.FreePort()}");
        builder.WebHost.UseUrls(url.ToString());
        var stub = new GcsStub(builder.Build(), url);
        foreach (var (name, content) in objects) stub.objects[name] = (content, (1_700_000_000_000_000 + stub.objects.Count).ToString(CultureInfo.InvariantCulture));
        stub.app.Run(stub.AnswerAsync);
        await stub.app.StartAsync();
        return stub;
    }

    /// <summary>Signs as IAM's signBlob would.</summary>
    public byte[] Sign(byte[] blob) => key.SignData(blob, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Asked.Enqueue(raw);
        var path = raw.Split('?')[0];
        if (path == "/token") return context.Response.WriteAsJsonAsync(new { access_token = "stub-token", expires_in = 3600, token_type = "Bearer" });
        var api = $"/storage/v1/b/{Bucket}/o";
        if (!path.StartsWith(api, StringComparison.Ordinal)) return SignedAsync(context, raw);
        if (context.Request.Headers.Authorization != "Bearer stub-token") return StatusAsync(context, 401);
        return path == api ? ListAsync(context) : ServeAsync(context, Uri.UnescapeDataString(path[(api.Length + 1)..]), context.Request.Query["generation"], null);
    }

    private Task ListAsync(HttpContext context)
    {
        var (prefix, after, limit) = (context.Request.Query["prefix"].ToString(), context.Request.Query["pageToken"].ToString(), int.Parse(context.Request.Query["maxResults"]!, CultureInfo.InvariantCulture));
        var names = objects.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(n, after) > 0).Order(StringComparer.Ordinal).Take(limit + 1).ToList();
        var items = names.Take(limit).Select(n => new { name = n, size = objects[n].Content.Length.ToString(CultureInfo.InvariantCulture), generation = objects[n].Generation, md5Hash = Convert.ToBase64String(Md5(objects[n].Content)) });
        return context.Response.WriteAsJsonAsync(new { items, nextPageToken = names.Count > limit ? names[limit - 1] : null });
    }

    private Task SignedAsync(HttpContext context, string raw)
    {
        // The XML API takes a signature or a token.
        if (context.Request.Headers.Authorization != "Bearer stub-token" && !IsSigned(context.Request, raw)) return StatusAsync(context, 403);
        return ServeAsync(context, Uri.UnescapeDataString(raw.Split('?')[0][$"/{Bucket}/".Length..]), context.Request.Query["generation"], context.Request.Query["response-content-type"]);
    }

    private Task ServeAsync(HttpContext context, string name, string? generation, string? type)
    {
        if (!objects.TryGetValue(name, out var found) || (!string.IsNullOrEmpty(generation) && generation != found.Generation)) return StatusAsync(context, 404);
        return Results.Bytes(found.Content, type, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(Md5(found.Content))}\"")).ExecuteAsync(context);
    }

    // Google Cloud Storage, "Signatures" and "Canonical requests", read from the request as it came.
    private bool IsSigned(HttpRequest request, string raw)
    {
        var (path, query) = raw.Split('?', 2) is [var p, var q] ? (p, q) : (raw, "");
        var parameters = query.Split('&').Select(x => x.Split('=', 2)).Where(x => x.Length == 2).ToDictionary(x => x[0], x => x[1], StringComparer.Ordinal);
        if (!parameters.Remove("X-Goog-Signature", out var signature) || !path.StartsWith($"/{Bucket}/", StringComparison.Ordinal)) return false;
        string Value(string name) => Uri.UnescapeDataString(parameters.GetValueOrDefault(name, ""));
        if (!DateTimeOffset.TryParseExact(Value("X-Goog-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return false;
        if (DateTimeOffset.UtcNow > at.AddSeconds(int.Parse(Value("X-Goog-Expires"), CultureInfo.InvariantCulture))) return false;
        var canonical = new StringBuilder($"{request.Method}\n{path}\n{string.Join('&', parameters.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key}={x.Value}"))}\n");
        foreach (var name in Value("X-Goog-SignedHeaders").Split(';')) canonical.Append(CultureInfo.InvariantCulture, $"{name}:{request.Headers[name]}\n");
        canonical.Append(CultureInfo.InvariantCulture, $"\n{Value("X-Goog-SignedHeaders")}\nUNSIGNED-PAYLOAD");
        var scope = string.Join('/', Value("X-Goog-Credential").Split('/')[1..]);
        var toSign = $"GOOG4-RSA-SHA256\n{Value("X-Goog-Date")}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        return Value("X-Goog-Credential").StartsWith(Email + "/", StringComparison.Ordinal) && key.VerifyData(Encoding.UTF8.GetBytes(toSign), Convert.FromHexString(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

#pragma warning disable CA5351 // The store's own entity tag, no protection.
    private static byte[] Md5(byte[] content) => MD5.HashData(content);
#pragma warning restore CA5351
}
