using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Security.Keys;

namespace Hybrid.StorageAgent.Identity;

/// <summary>Who this replica is: its key, the agent it belongs to, the control plane's key that it pinned, and the agent's secret.</summary>
public sealed class AgentIdentity : IDisposable
{
    private const string IdentityFile = "identity.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    private readonly string folder;
    private volatile Keys keys;

    private AgentIdentity(string folder, Stored stored, Keys keys) =>
        (this.folder, AgentId, Pinned, Secret, this.keys) = (folder, stored.AgentId, stored.Pinned, Convert.FromBase64String(stored.Secret), keys);

    /// <summary>The agent.</summary>
    public Guid AgentId { get; }

    /// <summary>The replica's key; after a change of key the newest.</summary>
    public ECDsa Key => keys.Newest.Key;

    /// <summary>Its public half.</summary>
    public EcPublicJwk PublicJwk => keys.Newest.Public;

    /// <summary>Its thumbprint.</summary>
    public string KeyId => keys.Newest.KeyId;

    /// <summary>Thumbprint of the control plane's key that the enrolment token carried.</summary>
    public string Pinned { get; }

    /// <summary>256 bits that replicas share: URL keys and opaque names come from it.</summary>
    public byte[] Secret { get; }

    /// <summary>The key that signs answers: the one before, until every browser knows the newest.</summary>
    public (ECDsa Key, string KeyId) SignerAt(DateTimeOffset now)
    {
        var held = keys;
        var signer = held.Former is { } former && now < held.SignFrom ? former : held.Newest;
        return (signer.Key, signer.KeyId);
    }

    /// <summary>Keeps a new identity, readable by its owner alone.</summary>
    /// <exception cref="InvalidOperationException">Others can read the folder.</exception>
    public static AgentIdentity Create(string folder, Guid agentId, ECDsa key, string pinned)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnlyFolder);
        RefuseOpenFolder(folder);
        var secret = RandomNumberGenerator.GetBytes(32);
        var stored = new Stored(agentId, Text(key), pinned, Convert.ToBase64String(secret));
        Keep(folder, stored);
        return new AgentIdentity(folder, stored, new Keys(Pair.Of(key), null, default));
    }

    /// <summary>Whether this replica has enrolled.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, IdentityFile));

    /// <summary>Loads the identity.</summary>
    /// <exception cref="InvalidOperationException">Others can read the file, or the folder that holds it and the access log.</exception>
    public static AgentIdentity Load(string folder)
    {
        RefuseOpenFolder(folder);
        var path = Path.Combine(folder, IdentityFile);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"{path} can be read by others, so the agent does not start: chmod 600 {path}");
        var stored = Read(folder);
        return new AgentIdentity(folder, stored, KeysOf(stored));
    }

    /// <summary>Keeps a key that the control plane accepted; the one before goes on signing until then. A running agent finds it within seconds.</summary>
    public static void KeepNewKey(string folder, ECDsa key, DateTimeOffset signFrom)
    {
        ArgumentNullException.ThrowIfNull(key);
        var stored = Read(folder);
        Keep(folder, stored with { Key = Text(key), Former = stored.Key, SignFrom = signFrom });
    }

    /// <summary>Takes over a newer key that was kept meanwhile; its thumbprint, or null when there is none.</summary>
    public string? TakeOverNewKey()
    {
        try
        {
            var found = KeysOf(Read(folder));
            if (found.Newest.Public.Thumbprint == KeyId) return null;
            // The keys before are not disposed of: an answer may be signed by one at this moment.
            keys = found;
            return KeyId;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or FormatException or CryptographicException)
        {
            // The key in memory goes on.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        keys.Newest.Key.Dispose();
        keys.Former?.Key.Dispose();
    }

    private static void RefuseOpenFolder(string folder)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & ~OwnerOnlyFolder) != 0)
            throw new InvalidOperationException($"{folder} can be entered by others, and it holds the agent's key and access log, so the agent does not start: chmod 700 {folder} (where that is not possible, set dataDirectory to a folder inside it; the agent makes it)");
    }

    private static Stored Read(string folder) => JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, IdentityFile)), AgentJson.Default.Stored)!;

    // Written whole beside the old one, then put in its place: there is an identity at every moment.
    private static void Keep(string folder, Stored stored)
    {
        var path = Path.Combine(folder, IdentityFile);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(path + ".new", options))
        {
            JsonSerializer.Serialize(file, stored, AgentJson.Default.Stored);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private static string Text(ECDsa key) => Convert.ToBase64String(key.ExportPkcs8PrivateKey());

    private static Keys KeysOf(Stored stored) => new(Pair.Of(Import(stored.Key)), stored.Former is { } former ? Pair.Of(Import(former)) : null, stored.SignFrom ?? default);

    private static ECDsa Import(string text)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
        return key;
    }

    /// <summary>The file's form.</summary>
    internal sealed record Stored(Guid AgentId, string Key, string Pinned, string Secret, string? Former = null, DateTimeOffset? SignFrom = null);

    private sealed record Pair(ECDsa Key, EcPublicJwk Public, string KeyId)
    {
        public static Pair Of(ECDsa key)
        {
            var half = EcPublicJwk.Of(key);
            return new Pair(key, half, half.Thumbprint);
        }
    }

    private sealed record Keys(Pair Newest, Pair? Former, DateTimeOffset SignFrom);
}
