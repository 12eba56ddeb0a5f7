using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;

namespace Hybrid.Security.Grants;

/// <summary>What a grant is held against.</summary>
/// <param name="Claims">The grant's claims, signature verified.</param>
/// <param name="Issuer">The control plane that this agent enrolled with.</param>
/// <param name="Audience">This agent's id.</param>
/// <param name="ProofThumbprint">Thumbprint of the key that made the proof.</param>
/// <param name="Objects">The references that the browser presents.</param>
/// <param name="Now">The present instant.</param>
public sealed record GrantUse(
    GrantClaims Claims, string Issuer, string Audience, string ProofThumbprint, IReadOnlyList<ObjectReference> Objects, DateTimeOffset Now);

/// <summary>One independent condition; a mode of trust adds its own to the list.</summary>
public interface IGrantCheck
{
    /// <summary>The refusal, or null when the condition holds.</summary>
    SecurityRefusal? Check(GrantUse use);
}

/// <summary>The conditions of mode <c>standard</c> (security.md § 2), each on its own.</summary>
public static class GrantChecks
{
    /// <summary>How far the control plane's clock may be ahead of the agent's.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    /// <summary>Every condition, in the order in which they are asked.</summary>
    public static readonly IReadOnlyList<IGrantCheck> Standard =
    [
        new Condition(use => use.Claims.Issuer == use.Issuer ? null : GrantRefusals.Issuer),
        new Condition(use => use.Claims.Audience == use.Audience ? null : GrantRefusals.Audience),
        new Condition(Times),
        new Condition(use => use.Claims.Act is GrantAct.Work or GrantAct.View or GrantAct.Guideline && (use.Claims.Act == GrantAct.Work) == (use.Claims.Task is not null)
            ? null
            : GrantRefusals.Act),
        new Condition(use => use.Claims.KeyThumbprint == use.ProofThumbprint ? null : GrantRefusals.KeyMismatch),
        new Condition(Objects),
    ];

    /// <summary>The first refusal, or null when all conditions hold.</summary>
    public static SecurityRefusal? FirstRefusal(this IEnumerable<IGrantCheck> checks, GrantUse use) =>
        checks.Select(c => c.Check(use)).FirstOrDefault(r => r is not null);

    private static SecurityRefusal? Times(GrantUse use)
    {
        var claims = use.Claims;
        if (use.Now >= claims.ExpiresAt) return GrantRefusals.Expired;
        var plausible = claims.ExpiresAt > claims.IssuedAt && claims.ExpiresAt - claims.IssuedAt <= GrantClaims.MaxLifetime && claims.IssuedAt <= use.Now + Leeway;
        return plausible ? null : GrantRefusals.Times;
    }

    private static SecurityRefusal? Objects(GrantUse use)
    {
        var granted = use.Claims.Objects.ToHashSet(StringComparer.Ordinal);
        return use.Objects.All(o => o.Connection == use.Claims.Connection && granted.Contains(ObjectDigest.Of(o))) ? null : GrantRefusals.ObjectNotGranted;
    }

    private sealed class Condition(Func<GrantUse, SecurityRefusal?> check) : IGrantCheck
    {
        public SecurityRefusal? Check(GrantUse use) => check(use);
    }
}
