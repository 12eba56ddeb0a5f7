using System.Net;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Policy;

/// <summary>Where a browser's request came from, as far as the agent itself can tell.</summary>
/// <param name="Address">Its address; null by the relay, whose word for it counts nothing.</param>
/// <param name="Origin">The origin of its page; null where it named none, and by the relay.</param>
public sealed record Caller(IPAddress? Address, string? Origin)
{
    /// <summary>Any browser by the relay.</summary>
    public static readonly Caller Relayed = new(null, null);
}

/// <summary>What one object is asked for.</summary>
/// <param name="Claims">The grant.</param>
/// <param name="Object">The object.</param>
/// <param name="Connection">Its connection, or null when there is none of this name.</param>
/// <param name="Caller">Who asks, from where.</param>
/// <param name="At">When.</param>
/// <param name="IsKnown">False when the object is an opaque name that the agent's map does not have.</param>
public sealed record PolicyQuestion(GrantClaims Claims, ObjectReference Object, ConnectionOptions? Connection, Caller Caller, DateTimeOffset At, bool IsKnown = true);

/// <summary>One rule of the customer's own policy.</summary>
/// <param name="Name">As it stands in the access log.</param>
/// <param name="Allows">Whether it lets the question pass.</param>
/// <param name="Refusal">What the caller is told: no more than they need.</param>
public sealed record PolicyRule(string Name, Func<PolicyQuestion, bool> Allows, UrlRefusal Refusal);
