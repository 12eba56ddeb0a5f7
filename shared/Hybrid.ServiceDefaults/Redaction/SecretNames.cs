namespace Hybrid.ServiceDefaults.Redaction;

/// <summary>How far the value behind a name reaches.</summary>
internal enum ValueReach
{
    /// <summary>To the end of the parameter, word or quoted string.</summary>
    Word,

    /// <summary>To the end of the line or of the quoted string, as headers do.</summary>
    Line,
}

/// <summary>What a name says about its value.</summary>
/// <param name="Kind">One of <see cref="SecretKinds"/>.</param>
/// <param name="Reach">How far the value reaches.</param>
internal sealed record SecretName(string Kind, ValueReach Reach);

/// <summary>The names behind which secrets stand. Case, hyphens and underscores don't matter.</summary>
internal static class SecretNames
{
    /// <summary>No name of a secret is longer.</summary>
    public const int Longest = 64;

    private static readonly SecretName Signature = new(SecretKinds.UrlSignature, ValueReach.Word);
    private static readonly SecretName Header = new(SecretKinds.Authorization, ValueReach.Line);
    private static readonly SecretName Proof = new(SecretKinds.Proof, ValueReach.Line);
    private static readonly SecretName CookieHeader = new(SecretKinds.Cookie, ValueReach.Line);
    private static readonly SecretName Cookie = new(SecretKinds.Cookie, ValueReach.Word);
    private static readonly SecretName Secret = new(SecretKinds.Secret, ValueReach.Word);

    private static readonly string[] Secrets =
    [
        "secretaccesskey", "secretkey", "accountkey", "sharedaccesskey", "sharedaccesssignature", "sessiontoken", "securitytoken", "clientsecret", "privatekey",
        "apikey", "accesstoken", "refreshtoken", "idtoken", "agenttoken", "clientassertion", "password", "passwd", "pwd", "secret",
    ];

    /// <summary>The word behind the last dot: <c>http.request.header.cookie</c> is a cookie.</summary>
    public static ReadOnlySpan<char> LastWord(string name) => name.AsSpan(name.LastIndexOf('.') + 1);

    /// <summary>What the name says; null when it says nothing.</summary>
    /// <param name="name">The name as it stands.</param>
    /// <param name="separator"><c>=</c> of a parameter, <c>:</c> of a header or of JSON.</param>
    public static SecretName? KindOf(ReadOnlySpan<char> name, char separator)
    {
        if (name.Length is 0 or > Longest) return null;
        Span<char> buffer = stackalloc char[Longest];
        var length = 0;
        foreach (var c in name)
        {
            if (c is not ('-' or '_')) buffer[length++] = char.ToLowerInvariant(c);
        }

        var word = buffer[..length];
        if (word.IndexOf("xamz") >= 0 || word.IndexOf("xgoog") >= 0)
        {
            // As a parameter all of them go; as a header or member those that hold a secret (x-amz-request-id helps who seeks a fault).
            return separator == '=' || EndsWithAny(word, "signature", "credential", "token", "key") ? Signature : null;
        }

        if (word is "sig" || (separator == '=' && word is "signature" or "credential" or "awsaccesskeyid" or "googleaccessid")) return Signature;
        if (word.EndsWith("authorization")) return Header;
        if (word is "dpop") return Proof;
        if (word is "cookie" or "setcookie" or "cookies") return CookieHeader;
        // Long cookies are cut into …C1, …C2.
        var whole = word.TrimEnd("0123456789");
        if (whole is "hosthybrid" or "hosthybridc" or "hybriddemonstration" or "hybriddemonstrationc") return Cookie;
        if (separator == '=' && word is "token") return Secret;
        return EndsWithAny(word, Secrets) ? Secret : null;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> word, params ReadOnlySpan<string> ends)
    {
        foreach (var end in ends)
        {
            if (word.EndsWith(end)) return true;
        }

        return false;
    }
}
