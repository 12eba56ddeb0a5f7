using System.Net;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.Policy;

/// <summary>The customer's local policy: asked after every grant, whoever signed it, and whichever road it came by.</summary>
public sealed class LocalPolicy
{
    /// <summary>Name of the rule that passes when every other has.</summary>
    public const string AllRulesPass = "all-rules-pass";

    /// <summary>The same, where the URL lapses earlier than the connection's ceiling, together with the credentials that signed it.</summary>
    public const string AllRulesPassCut = "all-rules-pass, cut to the credentials' life";

    /// <summary>What a person is told when a ceiling would be passed.</summary>
    public static readonly UrlRefusal OverCeiling = new("policy.ceiling", "You have opened as many objects as the storage agent allows for now. Wait a minute, or ask its administrator to raise the ceiling.");

    private static readonly UrlRefusal NotAllowed = new("policy.refused", "The storage agent's local policy does not allow this object. Ask the administrator of the agent.");
    private static readonly UrlRefusal Closed = new("policy.closed", "The storage agent does not serve at this hour. Ask its administrator for the hours.");

    private readonly TimeProvider clock;
    private volatile State state;

    /// <summary>Reads the policy from the agent's own configuration.</summary>
    public LocalPolicy(AgentOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.clock = clock;
        state = StateOf(options, null);
    }

    /// <summary>The rules, in the order in which they are asked.</summary>
    public IReadOnlyList<PolicyRule> Rules => state.Rules;

    /// <summary>The origins that are admitted.</summary>
    public IReadOnlyList<string> Origins => state.Origins;

    /// <summary>How full each ceiling is for the one who is nearest to it, 0–1.</summary>
    public IReadOnlyList<(string Ceiling, double Use)> Use => state.Ceilings.Use();

    /// <summary>Takes over another configuration at once. What was counted stays counted, unless the ceilings themselves changed.</summary>
    public void Apply(AgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        state = StateOf(options, state.Ceilings);
    }

    /// <summary>The first rule that refuses, or null. Ceilings are not asked.</summary>
    public PolicyRule? FirstRefusal(PolicyQuestion question) => FirstRefusal(state.Rules, question);

    /// <summary>
    /// Decides a whole request: for each question the rule that refuses, or null. What passes every rule is counted together; where that
    /// would pass a ceiling, none of it is served.
    /// </summary>
    public IReadOnlyList<PolicyRule?> Decide(IReadOnlyList<PolicyQuestion> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var now = state;
        var decided = questions.Select(q => FirstRefusal(now.Rules, q)).ToArray();
        var passed = decided.Count(d => d is null);
        if (passed > 0 && now.Ceilings.TryTake(questions[0].Claims.Subject, questions[0].Claims.Project, passed) is { } ceiling)
        {
            var over = new PolicyRule(ceiling, _ => false, OverCeiling);
            for (var i = 0; i < decided.Length; i++) decided[i] ??= over;
        }

        return decided;
    }

    /// <summary>How long a URL of a connection may live.</summary>
    public TimeSpan LifetimeOf(ConnectionOptions connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return TimeSpan.FromSeconds(Math.Min(connection.MaxUrlSeconds, state.MaxUrlSeconds));
    }

    private static PolicyRule? FirstRefusal(IReadOnlyList<PolicyRule> rules, PolicyQuestion question) => rules.FirstOrDefault(r => !r.Allows(question));

    private State StateOf(AgentOptions options, Ceilings? counted)
    {
        var limits = options.Limits;
        var (ofPerson, ofProject) = (limits.PersonCeilings, limits.ProjectCeilings);
        return new State(RulesOf(options), counted?.Are(ofPerson, ofProject) == true ? counted : new Ceilings(clock, ofPerson, ofProject), limits.MaxUrlSeconds ?? int.MaxValue, options.Origins);
    }

    // Copies everything: a rule never looks into options that something else could change.
    private static PolicyRule[] RulesOf(AgentOptions options)
    {
        var limits = options.Limits;
        var ranges = limits.ClientRanges.Select(r => IPNetwork.Parse(r)).ToArray();
        var (origins, mustHaveOrigin) = (options.Origins.ToHashSet(StringComparer.Ordinal), limits.Origins.Count > 0);
        var (allowed, denied) = (limits.People.Allow.ToHashSet(StringComparer.Ordinal), limits.People.Deny.ToHashSet(StringComparer.Ordinal));
        var projects = limits.Projects.ToHashSet();
        var hours = new OpeningHours(limits.Hours);
        var allowView = limits.AllowView;
        return
        [
            new("client-range", q => ranges.Length == 0 || (q.Caller.Address is { } a && ranges.Any(r => r.Contains(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a))), NotAllowed),
            new("origin", q => q.Caller.Origin is { } o ? origins.Contains(o) : !mustHaveOrigin, NotAllowed),
            new("hours", q => hours.IsOpenAt(q.At), Closed),
            new("act", q => allowView || q.Claims.Act != GrantAct.View, NotAllowed),
            new("person-denied", q => !denied.Contains(q.Claims.Subject), NotAllowed),
            new("person-listed", q => allowed.Count == 0 || allowed.Contains(q.Claims.Subject), NotAllowed),
            new("project-listed", q => projects.Count == 0 || (Guid.TryParse(q.Claims.Project, out var p) && projects.Contains(p)), NotAllowed),
            new("connection", q => q.Connection is not null, NotAllowed),
            new("project", q => q.Connection!.Projects.Count == 0 || (Guid.TryParse(q.Claims.Project, out var p) && q.Connection.Projects.Contains(p)), NotAllowed),
            new("opaque-known", q => q.IsKnown, OpaqueKeys.ObjectLookup.Unknown),
            new("prefix", q => ObjectKey.IsPlain(q.Object.Key) && (q.Connection!.Prefixes.Count == 0 || q.Connection.Prefixes.Any(p => q.Object.Key.StartsWith(p, StringComparison.Ordinal))), NotAllowed),
        ];
    }

    private sealed record State(IReadOnlyList<PolicyRule> Rules, Ceilings Ceilings, int MaxUrlSeconds, IReadOnlyList<string> Origins);
}
