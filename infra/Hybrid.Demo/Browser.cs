using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;

namespace Hybrid.Demo;

/// <summary>Does over the public API what a person would do in the browser.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient http;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Uri url;

    public Browser(Uri url)
    {
        this.url = url;
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = url };
        http.DefaultRequestHeaders.Add("X-Hybrid-Request", "1");
    }

    public async Task SignInAsync(string email, string password)
    {
        var session = await PostAsync("/api/session", new { email, password, keyThumbprint = EcPublicJwk.Of(key).Thumbprint });
        var request = new ProofExpectation("POST", new Uri(url, "/api/session/unlock").ToString()) { SessionId = session.GetProperty("sessionId").GetString() };
        await PostAsync("/api/session/unlock", new { proof = ProofReader.Sign(key, request, DateTimeOffset.UtcNow) });
    }

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await http.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<JsonElement> PostAsync(string path, object? body = null) => await ReadAsync(await http.PostAsJsonAsync(path, body));

    /// <summary>The status alone, once the whole answer is there.</summary>
    public async Task<int> StatusAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return (int)response.StatusCode;
    }

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new DemoException($"{response.RequestMessage?.RequestUri?.AbsolutePath} was refused: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
