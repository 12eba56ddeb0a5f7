using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;
using Hybrid.Security.Sealing;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>Who asks, for what, from where.</summary>
internal sealed record Asking(string Person = "person", string Act = "work", string? Origin = null, string? ForwardedFor = null)
{
    public string Project { get; init; } = Guid.NewGuid().ToString();
}

/// <summary>Asks an agent for URLs as the service worker does, with a fresh grant for exactly the objects that it asks for.</summary>
internal static class Browser
{
    /// <summary>What was answered by object; the code when the whole request was refused.</summary>
    public static async Task<(IReadOnlyList<UrlAnswerObject> Objects, string? Code)> AskAsync(
        HttpClient http, Uri agent, Guid agentId, Func<string, EcPublicJwk?> agentKey, ECDsa controlPlane, string issuer, DateTimeOffset now, Asking asking, params IReadOnlyList<ObjectReference> objects)
    {
        using var browser = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var sealing = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var grant = new GrantClaims
        {
            Issuer = issuer, Audience = agentId.ToString(), Subject = asking.Person, Project = asking.Project, Task = asking.Act == "work" ? "task" : null, Connection = objects[0].Connection,
            Objects = [.. objects.Select(ObjectDigest.Of)], Act = asking.Act, IssuedAt = now, ExpiresAt = now.AddMinutes(5), TokenId = Guid.NewGuid().ToString(),
            KeyThumbprint = EcPublicJwk.Of(browser).Thumbprint,
        }.Sign(controlPlane, EcPublicJwk.Of(controlPlane).Thumbprint);
        var request = new ProofExpectation("POST", $"https://{agentId}.agent.hybrid.internal/v1/urls") { GrantHash = GrantClaims.HashOf(grant), ObjectsDigest = ObjectDigest.OfAll(objects) };
        var proof = ProofReader.Sign(browser, request, now, EcPublicJwk.Of(sealing), "jti");
        using var body = new StringContent(JsonSerializer.Serialize(new UrlRequest(grant, proof, objects), JsonSerializerOptions.Web), Encoding.UTF8, "text/plain");
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(agent, "/v1/urls")) { Content = body };
        if (asking.Origin is not null) message.Headers.Add("Origin", asking.Origin);
        if (asking.ForwardedFor is not null) message.Headers.Add("X-Forwarded-For", asking.ForwardedFor);
        using var response = await http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) return ([], JsonElement.Parse(text).GetProperty("code").GetString());
        return (SealedAnswer.Open(text, sealing, agentKey, "jti", request.GrantHash).Value.Objects, null);
    }
}
