using System.Text.Json;
using Hybrid.Contracts.Urls;

namespace Hybrid.Contracts.Grants;

/// <summary>Why a person may see an object (security.md § 3).</summary>
public static class GrantAct
{
    /// <summary>A claimed or reserved task.</summary>
    public const string Work = "work";

    /// <summary>A guideline with pictures.</summary>
    public const string Guideline = "guideline";

    /// <summary>An explicit look by a person whose role may explore.</summary>
    public const string View = "view";
}

/// <summary>A grant as the control plane gives it to a browser.</summary>
/// <param name="Grant">The grant (JWS).</param>
/// <param name="Agent">Who turns it into URLs.</param>
/// <param name="Objects">The references that the grant's digests stand for, by asset id.</param>
/// <param name="ExpiresAt">When the grant lapses.</param>
public sealed record GrantAnswer(string Grant, GrantAgent Agent, IReadOnlyDictionary<string, ObjectReference> Objects, DateTimeOffset ExpiresAt);

/// <summary>The agent of a grant.</summary>
/// <param name="Id">Its id; the grant's audience.</param>
/// <param name="Url">Where the browser reaches it; null: by the relay alone.</param>
/// <param name="Keys">Public keys (JWK) of its replicas: one of them signed the answer.</param>
public sealed record GrantAgent(string Id, string? Url, IReadOnlyList<JsonElement> Keys);
