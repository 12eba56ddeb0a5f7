using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>An organization's directory as it speaks SCIM: a key, and nothing of a browser.</summary>
public sealed class DirectoryClient : IDisposable
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    private DirectoryClient(ControlPlaneHost host, string key)
    {
        Http = new HttpClient { BaseAddress = host.Url };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    public HttpClient Http { get; }

    public Guid KeyId { get; private init; }

    /// <summary>With a key of its own, issued by an owner.</summary>
    public static async Task<DirectoryClient> OfAsync(ControlPlaneHost host, BrowserSession owner, string role = "admin", params string[] scopes)
    {
        var account = (await owner.PostAsync("/api/service-accounts", new { name = "Directory", role })).GetProperty("id").GetGuid();
        var key = await owner.PostAsync($"/api/service-accounts/{account}/keys", new { name = "SCIM", scopes = scopes.Length == 0 ? ["directory.provision"] : scopes, expiresAt = host.Clock.GetUtcNow().AddDays(30) });
        return new DirectoryClient(host, key.GetProperty("key").GetString()!) { KeyId = key.GetProperty("id").GetGuid() };
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? ifMatch = null)
    {
        var text = body as string ?? (body is null ? null : JsonSerializer.Serialize(body));
        using var request = new HttpRequestMessage(method, "/scim/v2" + path) { Content = text is null ? null : new StringContent(text, Encoding.UTF8, "application/scim+json") };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> OkAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(method, path, body);
        return await BrowserSession.OkAsync(response);
    }

    public Task<JsonElement> GetAsync(string path) => OkAsync(HttpMethod.Get, path);

    /// <summary>Creates a user.</summary>
    public async Task<Guid> AddAsync(string userName, string? externalId = null, bool active = true) =>
        (await OkAsync(HttpMethod.Post, "/Users", new { schemas = new[] { User }, userName, externalId, displayName = userName.Split('@')[0], active })).GetProperty("id").GetGuid();

    /// <summary>Creates a group.</summary>
    public async Task<Guid> GroupAsync(string displayName, params Guid[] members) =>
        (await OkAsync(HttpMethod.Post, "/Groups", new { schemas = new[] { Group }, displayName, members = members.Select(m => new { value = m }) })).GetProperty("id").GetGuid();

    public Task<JsonElement> PatchAsync(string path, params object[] operations) => OkAsync(HttpMethod.Patch, path, new { schemas = new[] { PatchOp }, Operations = operations });

    public Task<HttpResponseMessage> TryPatchAsync(string path, params object[] operations) => SendAsync(HttpMethod.Patch, path, new { schemas = new[] { PatchOp }, Operations = operations });

    /// <summary>Ids of what fits a filter.</summary>
    public async Task<IReadOnlyList<Guid>> FindAsync(string path, string filter) =>
        [.. (await GetAsync($"{path}?filter={Uri.EscapeDataString(filter)}")).GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetGuid())];

    public void Dispose() => Http.Dispose();

    /// <summary>Asserts a refusal in SCIM's own shape.</summary>
    public static async Task IsRefusedAsync(Task<HttpResponseMessage> sending, HttpStatusCode status, string? scimType = null)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal(MediaTypeHeaderValue.Parse("application/scim+json; charset=utf-8"), response.Content.Headers.ContentType);
        var refusal = JsonElement.Parse(text);
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", refusal.GetProperty("schemas")[0].GetString());
        Assert.Equal(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture), refusal.GetProperty("status").GetString());
        Assert.Equal(scimType, refusal.TryGetProperty("scimType", out var type) ? type.GetString() : null);
        Assert.False(string.IsNullOrWhiteSpace(refusal.GetProperty("detail").GetString()));
    }
}
