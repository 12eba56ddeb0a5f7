using System.Security.Cryptography;
using Hybrid.Contracts.Enrolment;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Link;

namespace Hybrid.StorageAgent.Enrolment;

/// <summary>
/// Changes this replica's key: 1 the new key is made here, and kept aside, so that an answer that is lost loses no key; 2 a statement by
/// the old key goes to the control plane; 3 only when that knows both keys, the new one becomes the identity's. A running agent goes on.
/// </summary>
public static class RotateKey
{
    private const string NextFile = "next-key";

    /// <summary>The new key's thumbprint and when it begins to sign; or the mistake with its mend.</summary>
    public static async Task<(KeyRotationAnswer? Done, string? Mistake)> RunAsync(AgentOptions options, HttpClient http, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        using var identity = AgentIdentity.Load(options.DataDirectory);
        var now = clock.GetUtcNow();
        if (identity.SignerAt(now).KeyId != identity.KeyId) return (null, "The key was changed a moment ago, and the one before still signs: wait until it does not (11 minutes), then change it again.");

        // 1
        var next = Path.Combine(options.DataDirectory, NextFile);
        using var key = NextKey(next);

        // 2
        var (statement, proof) = AgentKeyRotation.Sign(identity.AgentId, identity.Key, key, options.ControlPlane!.GetLeftPart(UriPartial.Authority), now);
        KeyRotationAnswer answer;
        try
        {
            using var response = await http.PostAsJsonAsync(new Uri(options.ControlPlane, "/agent/v1/rotate-key"), new KeyRotationRequest(statement, proof), AgentJson.Default.KeyRotationRequest, ct);
            if (!response.IsSuccessStatusCode) return (null, $"The control plane refused the change of key, and nothing was changed: {await Problem.DetailAsync(response, ct)}");
            answer = (await response.Content.ReadFromJsonAsync(AgentJson.Default.KeyRotationAnswer, ct))!;
        }
        catch (HttpRequestException failed)
        {
            return (null, ControlPlaneHttp.Mend(options, failed) + " The old key goes on; run rotate-key again.");
        }

        if (answer.KeyId != EcPublicJwk.Of(key).Thumbprint) return (null, "The control plane answered for another key: nothing was changed. Tell its operator.");

        // 3
        AgentIdentity.KeepNewKey(options.DataDirectory, key, answer.SignFrom);
        File.Delete(next);
        return (answer, null);
    }

    private static ECDsa NextKey(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            key.ImportPkcs8PrivateKey(File.ReadAllBytes(path), out _);
            return key;
        }

        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(key.ExportPkcs8PrivateKey());
        file.Flush(flushToDisk: true);
        return key;
    }
}
