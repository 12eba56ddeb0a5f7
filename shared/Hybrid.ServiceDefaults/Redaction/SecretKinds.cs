namespace Hybrid.ServiceDefaults.Redaction;

/// <summary>What a marker names: <c>[redacted:url-signature]</c> stands where a signature stood.</summary>
public static class SecretKinds
{
    /// <summary>A signature, credential or token of a signed URL: <c>X-Amz-…</c>, <c>X-Goog-…</c>, <c>sig=</c>, the agent's own <c>s=</c>.</summary>
    public const string UrlSignature = "url-signature";

    /// <summary>An <c>Authorization</c> header, or a scheme with its credentials.</summary>
    public const string Authorization = "authorization";

    /// <summary>A <c>DPoP</c> header.</summary>
    public const string Proof = "proof";

    /// <summary>A cookie, the session's or another.</summary>
    public const string Cookie = "cookie";

    /// <summary>JWT, JWS or JWE in compact form.</summary>
    public const string Token = "token";

    /// <summary>A one-time token, <c>hya1.…</c>.</summary>
    public const string EnrolmentToken = "enrolment-token";

    /// <summary>A program's key, <c>hyk1_…</c>.</summary>
    public const string ApiKey = "api-key";

    /// <summary>The half of a URL that is not in the URL.</summary>
    public const string SplitSecret = "split-secret";

    /// <summary>A secret by its name: secret and account keys, passwords, session tokens.</summary>
    public const string Secret = "secret";

    /// <summary>A private key in PEM.</summary>
    public const string PrivateKey = "private-key";

    /// <summary>An e-mail address.</summary>
    public const string Email = "email";

    /// <summary>The query of an absolute URL: dropped whatever it holds.</summary>
    public const string Query = "query";

    /// <summary>What stands in the place of a secret.</summary>
    public static string Marker(string kind) => $"{MarkerStart}{kind}]";

    internal const string MarkerStart = "[redacted:";
}
