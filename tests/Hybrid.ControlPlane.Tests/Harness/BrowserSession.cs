using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>One browser: its cookies, its key, and the header that the workspace sends.</summary>
public sealed class BrowserSession : IDisposable
{
    private readonly Uri url;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim proving = new(1, 1);
    private string? password;

    public BrowserSession(ControlPlaneHost host, CookieContainer? cookies = null)
        : this(host.Url, host.Clock, cookies)
    {
    }

    public BrowserSession(Uri url, TimeProvider clock, CookieContainer? cookies = null)
    {
        (this.url, this.clock) = (url, clock);
        Cookies = cookies ?? new CookieContainer();
        var handler = new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false };
        // Authorities here are made by the tests; whether programs check them is what their own tests ask.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None;
        Http = new HttpClient(handler) { BaseAddress = url };
        Http.DefaultRequestHeaders.Add("X-Hybrid-Request", "1");
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies { get; }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Guid PersonId { get; private set; }

    public Guid SessionId { get; private set; }

    /// <summary>Gives its password when an act wants a fresh proof, as a person at the workspace does.</summary>
    public bool ProvesItself { get; set; } = true;

    public string Thumbprint => EcPublicJwk.Of(Key).Thumbprint;

    public async Task SignInAsync(string email, string password)
    {
        await BeginAsync(email, password);
        await OkAsync(await UnlockAsync(Key));
    }

    /// <summary>The first step of signing in; the session stays locked.</summary>
    public async Task<JsonElement> BeginAsync(string email, string password)
    {
        this.password = password;
        var view = await OkAsync(await Http.PostAsJsonAsync("/api/session", new { email, password, keyThumbprint = Thumbprint }));
        SessionId = view.GetProperty("sessionId").GetGuid();
        PersonId = view.GetProperty("person").GetProperty("id").GetGuid();
        return view;
    }

    /// <summary>Unlocks the session that a redirect has left in the cookies.</summary>
    public async Task ResumeAsync()
    {
        var view = await GetAsync("/api/session");
        SessionId = view.GetProperty("sessionId").GetGuid();
        PersonId = view.GetProperty("person").GetProperty("id").GetGuid();
        await OkAsync(await UnlockAsync(Key));
    }

    public Task<HttpResponseMessage> UnlockAsync(ECDsa key)
    {
        var expected = new ProofExpectation("POST", new Uri(url, "/api/session/unlock").ToString()) { SessionId = SessionId.ToString() };
        return Http.PostAsJsonAsync("/api/session/unlock", new { proof = ProofReader.Sign(key, expected, clock.GetUtcNow()) });
    }

    public async Task<JsonElement> GetAsync(string path) => await OkAsync(await Http.GetAsync(path));

    public async Task<JsonElement> PostAsync(string path, object? body = null, string? key = null) => await OkAsync(await SendAsync(HttpMethod.Post, path, body, key));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? key = null, string? ifMatch = null, string? proof = null)
    {
        var answer = await Http.SendAsync(RequestOf(method, path, body, key, ifMatch, proof));
        if (!ProvesItself || password is null || !await WantsProofAsync(answer)) return answer;
        // One person gives one proof, however many of their requests want it.
        await proving.WaitAsync();
        try
        {
            answer = await Http.SendAsync(RequestOf(method, path, body, key, ifMatch, proof));
            if (!await WantsProofAsync(answer)) return answer;
            await OkAsync(await Http.PostAsJsonAsync("/api/session/step-up", new { password }));
            return await Http.SendAsync(RequestOf(method, path, body, key, ifMatch, proof));
        }
        finally
        {
            proving.Release();
        }
    }

    private static async Task<bool> WantsProofAsync(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Forbidden && (await answer.Content.ReadAsStringAsync()).Contains("session.step_up", StringComparison.Ordinal);

    private static HttpRequestMessage RequestOf(HttpMethod method, string path, object? body, string? key, string? ifMatch, string? proof)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (proof is not null) request.Headers.Add("DPoP", proof);
        return request;
    }

    public Task<HttpResponseMessage> GrantAsync(string path, object? body = null, ECDsa? with = null) =>
        SendAsync(HttpMethod.Post, path, body, proof: ProofReader.Sign(with ?? Key, new ProofExpectation("POST", new Uri(url, path).ToString()), clock.GetUtcNow()));

    public void Dispose()
    {
        Http.Dispose();
        proving.Dispose();
        Key.Dispose();
    }

    public static async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {response.RequestMessage?.RequestUri?.AbsolutePath}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
