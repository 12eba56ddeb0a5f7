using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Enrolment;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent.Enrolment;

/// <summary>
/// Makes this replica part of an agent: 1 its key is made here; 2 the token and a proof go to the control plane; 3 the key statement that
/// comes back must match the thumbprint in the token; 4 only then is anything kept.
/// </summary>
public static class Enrol
{
    /// <summary>The mistake with its mend, or null when this replica is enrolled.</summary>
    public static async Task<string?> RunAsync(AgentOptions options, string tokenText, HttpClient http, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        if (!EnrolmentTokenText.TryParse(tokenText, out var token)) return "The token is not complete: copy it again as a whole, it begins with \"hya1.\".";

        // 1
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = EcPublicJwk.Of(key);

        // 2
        var nonce = Base64UrlStrict.Encode(RandomNumberGenerator.GetBytes(16));
        using var document = JsonDocument.Parse(jwk.ToString());
        var request = new EnrolmentRequest(
            token.ToString(), document.RootElement, EnrolmentProof.Sign(key, token, nonce, clock.GetUtcNow()), nonce, Link.ControlPlaneLink.Version);
        EnrolmentAnswer? answer;
        try
        {
            using var response = await http.PostAsJsonAsync(new Uri(options.ControlPlane!, "/agent/v1/enrol"), request, AgentJson.Default.EnrolmentRequest, ct);
            if (!response.IsSuccessStatusCode) return $"The control plane refused the enrolment: {await Problem.DetailAsync(response, ct)}";
            answer = await response.Content.ReadFromJsonAsync(AgentJson.Default.EnrolmentAnswer, ct);
        }
        catch (HttpRequestException gone)
        {
            return Link.ControlPlaneHttp.Mend(options, gone);
        }

        // 3
        if (answer is null || !KeyStatement.Walk(token.Pinned, answer.Statements).IsOk)
            return "The control plane's key is not the one that the token names. Somebody may stand between: compare the six words on both sides.";

        // 4
        AgentIdentity.Create(options.DataDirectory, token.AgentId, key, token.Pinned).Dispose();
        return null;
    }
}
