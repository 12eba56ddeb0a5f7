using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Identity;

/// <summary>The agent's secret: of a file that its replicas share, else the replica's own.</summary>
public static class SharedSecret
{
    private const int Bytes = 32;

    /// <summary>The secret that URL keys and opaque names come from.</summary>
    public static byte[] Of(AgentOptions options, AgentIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identity);
        return options.SecretFile is { } file ? Convert.FromBase64String(File.ReadAllText(file).Trim()) : identity.Secret;
    }

    /// <summary>Why the file cannot serve, with the mend; null when it can.</summary>
    public static string? Mistake(string file)
    {
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0) return $"secretFile {file} can be read or written by others: chmod 640 {file}";
            var text = File.ReadAllText(file).Trim();
            var secret = new byte[text.Length];
            return Convert.TryFromBase64String(text, secret, out var length) && length == Bytes ? null : $"secretFile {file} is not {Bytes} random bytes in base64: make it by openssl rand -base64 {Bytes}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"secretFile {file} does not exist or cannot be read by this process.";
        }
    }
}
