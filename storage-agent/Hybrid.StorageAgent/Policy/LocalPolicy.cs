using System.Net;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.Policy;

/// <summary>What one object is asked for.</summary>
/// <param name="Claims">The grant.</param>
/// <param name="Object">The object.</param>
/// <param name="Connection">Its connection, or null when there is none of this name.</param>
/// <param name="Client">Where the browser's request came from.</param>
public sealed record PolicyQuestion(GrantClaims Claims, ObjectReference Object, ConnectionOptions? Connection, IPAddress? Client);

/// <summary>One rule of the customer's own policy.</summary>
/// <param name="Name">As it stands in the access log.</param>
/// <param name="Allows">Whether it lets the question pass.</param>
/// <param name="Refusal">What the caller is told: no more than they need.</param>
public sealed record PolicyRule(string Name, Func<PolicyQuestion, bool> Allows, UrlRefusal Refusal);

/// <summary>The customer's local policy: asked after every grant, whoever signed it.</summary>
public sealed class LocalPolicy
{
    private readonly IReadOnlyList<PolicyRule> rules;
    private readonly PersonCeilings ceilings;

    /// <summary>Reads the policy from the agent's own configuration.</summary>
    public LocalPolicy(AgentOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ceilings = new PersonCeilings(clock, options.Limits.PerPersonPerMinute, options.Limits.PerPersonPerHour);
        var ranges = options.Limits.ClientRanges.Select(r => IPNetwork.Parse(r)).ToList();
        var notAllowed = new UrlRefusal("policy.refused", "The storage agent's local policy does not allow this object. Ask the administrator of the agent.");
        rules =
        [
            new("client-range", q => ranges.Count == 0 || (q.Client is { } a && ranges.Any(r => r.Contains(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a))), notAllowed),
            new("act", q => q.Claims.Act != GrantAct.View || options.Limits.AllowView, notAllowed),
            new("connection", q => q.Connection is not null, notAllowed),
            new("project", q => q.Connection!.Projects.Count == 0 || (Guid.TryParse(q.Claims.Project, out var p) && q.Connection.Projects.Contains(p)), notAllowed),
            new("prefix", q => ObjectKey.IsPlain(q.Object.Key) && (q.Connection!.Prefixes.Count == 0 || q.Connection.Prefixes.Any(p => q.Object.Key.StartsWith(p, StringComparison.Ordinal))), notAllowed),
        ];
    }

    /// <summary>Name of the rule that passes when every other has.</summary>
    public const string AllRulesPass = "all-rules-pass";

    /// <summary>The same, where the URL lapses earlier than the connection's ceiling, together with the credentials that signed it.</summary>
    public const string AllRulesPassCut = "all-rules-pass, cut to the credentials' life";

    /// <summary>Name of the rule that counts.</summary>
    public const string CeilingRule = "person-ceiling";

    /// <summary>What a person over their ceiling is told.</summary>
    public static readonly UrlRefusal OverCeiling = new("policy.ceiling", "You have opened as many objects as the storage agent allows for now. Wait a minute, or ask its administrator to raise the ceiling.");

    /// <summary>The first rule that refuses, or null.</summary>
    public PolicyRule? FirstRefusal(PolicyQuestion question) => rules.FirstOrDefault(r => !r.Allows(question));

    /// <summary>Counts allowed objects of a person.</summary>
    public bool TryCount(string person, int objects) => ceilings.TryTake(person, objects);
}
