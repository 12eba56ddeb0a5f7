using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Policy;

/// <summary>A request that nobody made.</summary>
/// <param name="Person">Pseudonym.</param>
/// <param name="Project">Project id.</param>
/// <param name="Object">Connection, key and version.</param>
/// <param name="Act">A code of <see cref="GrantAct"/>.</param>
/// <param name="Caller">From where.</param>
/// <param name="At">When.</param>
/// <param name="IsKnown">False for an opaque name that the map does not have.</param>
internal sealed record SimulatedRequest(string Person, string Project, ObjectReference Object, string Act, Caller Caller, DateTimeOffset At, bool IsKnown = true);

/// <summary>What the agent would decide.</summary>
/// <param name="Allowed">Whether the rules let it pass; ceilings count in the running agent and are not known here.</param>
/// <param name="Rule">The rule that decides, as it would stand in the access log.</param>
/// <param name="Told">Code that the caller would be told; null when allowed.</param>
/// <param name="Passed">The rules that were asked before and let it pass.</param>
/// <param name="UrlSeconds">How long the URL could live; null when refused.</param>
/// <param name="Ceilings">The ceilings that count for this person and project.</param>
internal sealed record SimulatedDecision(bool Allowed, string Rule, string? Told, IReadOnlyList<string> Passed, int? UrlSeconds, IReadOnlyDictionary<string, int> Ceilings);

/// <summary>Asks the very rules that serve.</summary>
internal static class Simulation
{
    /// <summary>Decides, and counts nothing.</summary>
    public static SimulatedDecision Decide(AgentOptions options, SimulatedRequest request)
    {
        var connection = options.Connections.FirstOrDefault(c => c.Name == request.Object.Connection);
        var claims = new GrantClaims
        {
            Issuer = options.ControlPlane!.GetLeftPart(UriPartial.Authority), Audience = "", Subject = request.Person, Project = request.Project, Task = null, Connection = request.Object.Connection,
            Objects = [ObjectDigest.Of(request.Object)], Act = request.Act, IssuedAt = request.At, ExpiresAt = request.At + GrantClaims.MaxLifetime, TokenId = "", KeyThumbprint = "",
        };
        var question = new PolicyQuestion(claims, request.Object, connection, request.Caller, request.At, request.IsKnown);
        var policy = new LocalPolicy(options, TimeProvider.System);
        var refusal = policy.FirstRefusal(question);
        return new SimulatedDecision(
            refusal is null, refusal?.Name ?? LocalPolicy.AllRulesPass, refusal?.Refusal.Code, [.. policy.Rules.TakeWhile(r => r != refusal).Select(r => r.Name)],
            refusal is null ? (int)policy.LifetimeOf(connection!).TotalSeconds : null,
            options.Limits.PersonCeilings.Concat(options.Limits.ProjectCeilings).ToDictionary(c => c.Name, c => c.Most, StringComparer.Ordinal));
    }
}
