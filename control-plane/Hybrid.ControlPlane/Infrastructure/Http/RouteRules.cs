namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>Who may call a route. A route without a rule is refused by the fallback policy.</summary>
/// <param name="Request">The request that the route sends, whose <c>[Act]</c> and <c>[Audits]</c> are the rule; null for an open route.</param>
/// <param name="OpenBecause">Why a route needs no session; null otherwise.</param>
public sealed record RouteRule(Type? Request, string? OpenBecause);

/// <summary>What a route that sends no scoped command leaves in the audit log. A command says it by its own <c>[Audits]</c>.</summary>
/// <param name="Audits">Codes of <see cref="Domain.Audit.AuditActs"/>: one of them is written on success.</param>
/// <param name="NoneBecause">Why there is nothing to write although the method could change something; null otherwise.</param>
public sealed record RouteEffect(IReadOnlyList<string> Audits, string? NoneBecause);

/// <summary>Gives routes their rules.</summary>
internal static class RouteRules
{
    /// <summary>The route needs an unlocked session and sends this request through the pipeline, which decides by its act.</summary>
    public static TBuilder Sends<TBuilder, TRequest>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteRule(typeof(TRequest), null)).RequireAuthorization(Policies.Unlocked);

    /// <summary>The route needs an unlocked session and sends this request.</summary>
    public static RouteHandlerBuilder Sends<TRequest>(this RouteHandlerBuilder route) => route.Sends<RouteHandlerBuilder, TRequest>();

    /// <summary>Anybody may call the route; the reason stands in the code and in the generated matrix.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder route, string because)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteRule(null, because)).AllowAnonymous();

    /// <summary>The route writes one of these acts on its own.</summary>
    public static TBuilder Audits<TBuilder>(this TBuilder route, params string[] acts)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteEffect(acts, null));

    /// <summary>The route changes nothing that the log would have to hold.</summary>
    public static TBuilder ChangesNothing<TBuilder>(this TBuilder route, string because)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteEffect([], because));
}

/// <summary>Names of authorization policies.</summary>
internal static class Policies
{
    /// <summary>A session whose browser has proven its key.</summary>
    public const string Unlocked = "unlocked";

    /// <summary>A session, locked or not: only the session's own routes.</summary>
    public const string AnySession = "any-session";

    /// <summary>An organization's directory: a program whose API key has the scope for it. No session is ever one.</summary>
    public const string Directory = "directory";

    /// <summary>An enrolled agent.</summary>
    public const string Agent = "agent";
}
