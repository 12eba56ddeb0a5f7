using System.Reflection;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Architecture.Routes;

/// <summary>One route of the running host, with what its metadata says.</summary>
/// <param name="Endpoint">As the host maps it.</param>
internal sealed record Route(RouteEndpoint Endpoint)
{
    public string Pattern => "/" + Endpoint.RoutePattern.RawText!.Trim('/');

    /// <summary>Methods; empty = any.</summary>
    public IReadOnlyList<string> Methods => Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    public RouteRule? Rule => Endpoint.Metadata.GetMetadata<RouteRule>();

    public RouteEffect? Effect => Endpoint.Metadata.GetMetadata<RouteEffect>();

    public string? Act => Rule?.Request?.GetCustomAttribute<ActAttribute>()?.Act;

    public bool MayChange => Methods.Count == 0 || Methods.Any(m => !HttpMethods.IsGet(m) && !HttpMethods.IsHead(m) && !HttpMethods.IsOptions(m));

    /// <summary>Whether a path is this route's: an id or a number stands only where the route has one, as routing itself tells them from words.</summary>
    public bool Matches(HttpMethod method, string path) =>
        Methods.Contains(method.Method) && Regex.IsMatch(path, "^" + Regex.Replace(
            Regex.Escape(Pattern).Replace("\\{", "{", StringComparison.Ordinal), "{[^}]*}",
            m => m.Value.EndsWith(":guid}", StringComparison.Ordinal) ? "[0-9a-fA-F-]{36}" : m.Value.EndsWith(":int}", StringComparison.Ordinal) ? "[0-9]+" : "[^/]+") + "$");

    public override string ToString() => $"{string.Join('|', Methods)} {Pattern}";
}

/// <summary>The routes of a host, and what is wrong with their metadata.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<Route> Of(IServiceProvider services) =>
        [.. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => new Route(e))];

    /// <summary>Why a route's rule is none; null when it is one.</summary>
    public static string? FaultOfRule(Route route)
    {
        var policies = route.Endpoint.Metadata.GetOrderedMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Select(a => a.Policy).ToList();
        var anonymous = route.Endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null;
        return route.Rule switch
        {
            null => $"{route} has no rule: add .Sends<Command>() or .OpenToAll(because).",
            { Request: { } request } when anonymous || !policies.Contains(Policies.Unlocked) => $"{route} sends {request} without an unlocked session.",
            { Request: { } request } when request.GetCustomAttribute<ActAttribute>() is null => $"{route} sends {request}, which names no act.",
            { Request: null } when string.IsNullOrWhiteSpace(route.Rule.OpenBecause) => $"{route} is open and does not say why.",
            { Request: null } when !anonymous && policies.Count == 0 => $"{route} says that it is open, but is neither open nor bound to a policy.",
            _ => null,
        };
    }

    /// <summary>Why a route that may change something leaves no trace; null when it does, or says why not.</summary>
    public static string? FaultOfEffect(Route route, IReadOnlySet<string> codes)
    {
        if (!route.MayChange) return null;
        var acts = route.Rule?.Request?.GetCustomAttribute<AuditsAttribute>()?.Acts ?? route.Effect?.Audits ?? [];
        if (acts.Count > 0) return acts.All(codes.Contains) ? null : $"{route} names an act that the log does not know.";
        return string.IsNullOrWhiteSpace(route.Effect?.NoneBecause) ? $"{route} may change something and names no audit act: add [Audits], .Audits(…) or .ChangesNothing(because)." : null;
    }
}
