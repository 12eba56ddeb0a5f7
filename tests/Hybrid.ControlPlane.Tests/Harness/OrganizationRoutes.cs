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
                (HttpMethod.Delete, $"/api/people/{some}/sessions", null),
                (HttpMethod.Get, "/api/organization/security", null),
                (HttpMethod.Put, "/api/organization/security", new { idleMinutes = 60, absoluteHours = 12 }),
                (HttpMethod.Get, "/api/profile", null),
                (HttpMethod.Post, "/api/profile/password", new { current = "nobody's password", @new = "nobody's new password" }),
                (HttpMethod.Put, "/api/profile/language", new { language = "fr" }),
                (HttpMethod.Post, "/api/profile/authenticator", null),
                (HttpMethod.Post, "/api/profile/authenticator/confirm", new { code = "123456" }),
                (HttpMethod.Delete, "/api/profile/authenticator", null),
                (HttpMethod.Post, "/api/profile/recovery-codes", null),
                (HttpMethod.Post, "/api/profile/passkeys/options", null),
                (HttpMethod.Post, "/api/profile/passkeys", new { name = "Nobody's", answer = new { ceremony = "none", credential = new { id = "AA" } } }),
                (HttpMethod.Put, $"/api/profile/passkeys/{some}", new { name = "Nobody's" }),
                (HttpMethod.Delete, $"/api/profile/passkeys/{some}", null),
                (HttpMethod.Delete, $"/api/profile/sessions/{some}", null),
                (HttpMethod.Delete, "/api/profile/sessions", null),
                (HttpMethod.Get, "/api/service-accounts", null),
                (HttpMethod.Post, "/api/service-accounts", new { name = "Nobody's", role = "member" }),
                (HttpMethod.Post, $"/api/service-accounts/{some}/keys", new { name = "Nobody's", scopes = new[] { "project.view" }, expiresAt = DateTimeOffset.UtcNow.AddDays(30) }),
                (HttpMethod.Post, $"/api/service-accounts/{some}/keys/{some}/rotate", new { overlapMinutes = 1, expiresAt = DateTimeOffset.UtcNow.AddDays(30) }),
                (HttpMethod.Delete, $"/api/service-accounts/{some}/keys/{some}", null),
                (HttpMethod.Get, $"/api/people/{some}", null),
                (HttpMethod.Put, $"/api/people/{some}/role", new { role = "member" }),
                (HttpMethod.Post, $"/api/people/{some}/deactivate", null),
                (HttpMethod.Post, $"/api/people/{some}/reactivate", null),
                (HttpMethod.Post, $"/api/people/{some}/invitation", null),
                (HttpMethod.Delete, $"/api/people/{some}/invitation", null),
                (HttpMethod.Post, $"/api/people/{some}/export", null),
                (HttpMethod.Post, "/api/me/export", null),
                (HttpMethod.Post, $"/api/people/{some}/erase", new { email = "nobody@example.org" }),
                (HttpMethod.Post, "/api/people-jobs/check", new { kind = "add", format = "csv", content = "nobody@example.org" }),
                (HttpMethod.Post, "/api/people-jobs", new { kind = "add", format = "csv", content = "nobody@example.org" }),
                (HttpMethod.Get, "/api/people-jobs", null),
                (HttpMethod.Get, $"/api/people-jobs/{some}", null),
                (HttpMethod.Get, "/api/access", null),
                (HttpMethod.Get, "/api/access/file", null),
                (HttpMethod.Post, "/api/access/decisions", new { projectId = some, personId = some, verdict = "confirmed" }),
                (HttpMethod.Get, "/api/deleted-projects", null),
                (HttpMethod.Get, "/api/project-templates", null),
                (HttpMethod.Get, "/api/teams", null),
                (HttpMethod.Post, "/api/teams", new { name = "Nobody's" }),
                (HttpMethod.Put, $"/api/teams/{some}", new { name = "Nobody's" }),
                (HttpMethod.Delete, $"/api/teams/{some}", null),
                (HttpMethod.Put, $"/api/teams/{some}/people/{some}", null),
                (HttpMethod.Delete, $"/api/teams/{some}/people/{some}", null),
                (HttpMethod.Get, "/api/organization/projects", null),
                (HttpMethod.Get, $"/api/organization/projects/{some}/members", null),
                (HttpMethod.Post, $"/api/organization/projects/{some}/admin", null),
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
