namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>What a browser calls itself.</summary>
internal static class UserAgents
{
    /// <summary>Its own words, at most 200 characters and none that controls a terminal.</summary>
    public static string Shown(HttpRequest request) => new([.. request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c)).Take(200)]);
}
