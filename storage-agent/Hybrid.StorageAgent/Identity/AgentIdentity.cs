using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Security.Keys;

namespace Hybrid.StorageAgent.Identity;

/// <summary>Who this replica is: its key, the agent it belongs to, the control plane's key that it pinned, and the agent's secret.</summary>
public sealed class AgentIdentity : IDisposable
{
    private const string IdentityFile = "identity.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private AgentIdentity(Guid agentId, ECDsa key, string pinned, byte[] secret)
    {
        (AgentId, Key, Pinned, Secret) = (agentId, key, pinned, secret);
        PublicJwk = EcPublicJwk.Of(key);
        KeyId = PublicJwk.Thumbprint;
    }

    /// <summary>The agent.</summary>
    public Guid AgentId { get; }

    /// <summary>The replica's key.</summary>
    public ECDsa Key { get; }

    /// <summary>Its public half.</summary>
    public EcPublicJwk PublicJwk { get; }

    /// <summary>Its thumbprint.</summary>
    public string KeyId { get; }

    /// <summary>Thumbprint of the control plane's key that the enrolment token carried.</summary>
    public string Pinned { get; }

    /// <summary>256 bits that replicas share: URL keys and opaque names come from it.</summary>
    public byte[] Secret { get; }

    /// <summary>Keeps a new identity, readable by its owner alone.</summary>
    public static AgentIdentity Create(string folder, Guid agentId, ECDsa key, string pinned)
    {
        ArgumentNullException.ThrowIfNull(key);
        Directory.CreateDirectory(folder);
        var secret = RandomNumberGenerator.GetBytes(32);
        var stored = new Stored(agentId, Convert.ToBase64String(key.ExportPkcs8PrivateKey()), pinned, Convert.ToBase64String(secret));
        var path = Path.Combine(folder, IdentityFile);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(path, options)) JsonSerializer.Serialize(file, stored, AgentJson.Default.Stored);
        return new AgentIdentity(agentId, key, pinned, secret);
    }

    /// <summary>Whether this replica has enrolled.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, IdentityFile));

    /// <summary>Loads the identity.</summary>
    /// <exception cref="InvalidOperationException">Others can read the file.</exception>
    public static AgentIdentity Load(string folder)
    {
        var path = Path.Combine(folder, IdentityFile);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"{path} can be read by others, so the agent does not start: chmod 600 {path}");
        var stored = JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentJson.Default.Stored)!;
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(stored.Key), out _);
        return new AgentIdentity(stored.AgentId, key, stored.Pinned, Convert.FromBase64String(stored.Secret));
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();

    /// <summary>The file's form.</summary>
    internal sealed record Stored(Guid AgentId, string Key, string Pinned, string Secret);
}
