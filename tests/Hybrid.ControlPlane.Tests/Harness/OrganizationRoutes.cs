namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>Every route outside projects that asks for an act, with a well-formed body, for callers whose role does not allow it.</summary>
public static class OrganizationRoutes
{
    public static IEnumerable<(HttpMethod Method, string Path, object? Body)> All
    {
        get
        {
            var some = Guid.NewGuid();
            return
            [
                (HttpMethod.Get, "/api/projects", null),
                (HttpMethod.Post, "/api/projects", new { name = "Nobody's" }),
                (HttpMethod.Get, "/api/people", null),
                (HttpMethod.Post, "/api/people", new { email = "nobody@example.org", name = "Nobody", role = "member", password = ControlPlaneHost.Password }),
                (HttpMethod.Get, "/api/agents", null),
                (HttpMethod.Post, "/api/agents", new { name = "nobody's" }),
                (HttpMethod.Get, $"/api/agents/{some}", null),
                (HttpMethod.Post, $"/api/agents/{some}/tokens", null),
                (HttpMethod.Post, $"/api/agents/{some}/revoke", null),
                (HttpMethod.Get, "/api/organization/sso", null),
                (HttpMethod.Put, "/api/organization/sso", new { name = "x", issuer = "https://login.example.org", clientId = "x", clientSecret = "x", scopes = "openid", groupsClaim = "groups", mapping = Array.Empty<object>(), justInTime = false, enforced = false, breakGlass = Array.Empty<Guid>() }),
                (HttpMethod.Delete, "/api/organization/sso", null),
                (HttpMethod.Put, "/api/organization/sso/domains/example.org", null),
                (HttpMethod.Delete, "/api/organization/sso/domains/example.org", null),
                (HttpMethod.Get, "/api/connections", null),
                (HttpMethod.Post, $"/api/connections/{some}/probe", null),
            ];
        }
    }
}
