namespace Hybrid.Cli.Connection;

/// <summary>Where the control plane is and by which key it is asked.</summary>
/// <param name="Url">Its public address.</param>
/// <param name="Key">The API key.</param>
internal sealed record Credentials(Uri Url, string Key)
{
    /// <summary>Variable with the address, for want of <c>--url</c>.</summary>
    public const string UrlVariable = "HYBRID_URL";

    /// <summary>Variable with the key, for want of <c>--key-file</c>.</summary>
    public const string KeyVariable = "HYBRID_API_KEY";

    /// <summary>Reads both. A key is never an argument: arguments stand in the list of processes and in the shell's history.</summary>
    public static async Task<Credentials> ReadAsync(string? url, FileInfo? keyFile, CancellationToken ct)
    {
        var address = url ?? Environment.GetEnvironmentVariable(UrlVariable);
        if (string.IsNullOrWhiteSpace(address)) throw new Failure($"Where is the control plane? Give --url https://…, or set {UrlVariable}.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0)
            throw new Failure("The address is not one with https://. Give --url https://… without a name or password in it.");
        if (uri.Scheme == "http" && !uri.IsLoopback) throw new Failure("Over http the key could be read on its way. Give the address with https://; http is for this machine alone.");

        string? key;
        try
        {
            key = keyFile is null ? Environment.GetEnvironmentVariable(KeyVariable) : await File.ReadAllTextAsync(keyFile.FullName, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"The key file cannot be read: {e.Message}");
        }

        key = key?.Trim();
        if (string.IsNullOrEmpty(key)) throw new Failure($"There is no API key. Give --key-file FILE, or set {KeyVariable}.");
        if (!key.StartsWith("hyk1_", StringComparison.Ordinal) || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            throw new Failure("This is no API key of Hybrid: one begins with hyk1_ and is one word.");
        return new Credentials(uri, key);
    }
}
