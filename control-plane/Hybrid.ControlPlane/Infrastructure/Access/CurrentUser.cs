using System.Globalization;
using System.Security.Claims;
using Hybrid.ControlPlane.Domain.Organizations;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>The person of this request, as their session row says.</summary>
public interface ICurrentUser
{
    /// <summary>False without a session, and while the session is locked.</summary>
    bool IsSignedIn { get; }

    /// <summary>The session's public id.</summary>
    Guid SessionId { get; }

    /// <summary>The person.</summary>
    Guid PersonId { get; }

    /// <summary>The organization that the session is in.</summary>
    Guid OrganizationId { get; }

    /// <summary>The person's role in it.</summary>
    OrganizationRole OrganizationRole { get; }

    /// <summary>RFC 7638 thumbprint of the browser's key, or of the program's; empty for a program without one.</summary>
    string KeyThumbprint { get; }

    /// <summary>1 = password alone, 2 = with a second factor. A program's key is as good as two.</summary>
    int MfaLevel => 2;

    /// <summary>The least organization role of which the organization wants a second factor; null = of nobody.</summary>
    OrganizationRole? MfaFrom => null;

    /// <summary>When the person last proved that it is they.</summary>
    DateTimeOffset SteppedUpAt => DateTimeOffset.MaxValue;

    /// <summary>The API key of a program; null for a person in a browser.</summary>
    KeyScope? Key => null;
}

/// <summary>What an API key leaves of its account's rights.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Scopes">Acts that it may do.</param>
/// <param name="Projects">Projects that exist for it; null = all of the account's.</param>
public sealed record KeyScope(Guid KeyId, IReadOnlySet<string> Scopes, IReadOnlySet<Guid>? Projects)
{
    /// <summary>Whether the project exists for the key.</summary>
    public bool Knows(Guid projectId) => Projects is null || Projects.Contains(projectId);
}

/// <summary>Claims of a session; nothing else goes into the principal.</summary>
internal static class SessionClaims
{
    public const string Session = "sid";
    public const string Person = "sub";
    public const string Organization = "org";
    public const string OrganizationRole = "org_role";
    public const string KeyThumbprint = "jkt";
    public const string Unlocked = "unlocked";
    public const string Mfa = "mfa";
    public const string MfaFrom = "mfa_from";
    public const string SteppedUp = "stepped_up";
    public const string Key = "key";
    public const string KeyScope = "key_scope";
    public const string KeyProject = "key_project";
    public const string KeyAllProjects = "key_all_projects";
}

/// <summary>Reads the person from the request's principal.</summary>
internal sealed class HttpCurrentUser(IHttpContextAccessor http) : ICurrentUser
{
    public bool IsSignedIn => Principal?.Identity?.IsAuthenticated == true && Principal.HasClaim(SessionClaims.Unlocked, "1");

    public Guid SessionId => Id(SessionClaims.Session);

    public Guid PersonId => Id(SessionClaims.Person);

    public Guid OrganizationId => Id(SessionClaims.Organization);

    public OrganizationRole OrganizationRole => Enum.Parse<OrganizationRole>(Claim(SessionClaims.OrganizationRole));

    public string KeyThumbprint => Claim(SessionClaims.KeyThumbprint);

    public int MfaLevel => Principal?.FindFirstValue(SessionClaims.Mfa) is { } level ? int.Parse(level, CultureInfo.InvariantCulture) : 2;

    public OrganizationRole? MfaFrom => Principal?.FindFirstValue(SessionClaims.MfaFrom) is { } from ? Enum.Parse<OrganizationRole>(from) : null;

    public DateTimeOffset SteppedUpAt => Principal?.FindFirstValue(SessionClaims.SteppedUp) is { } at
        ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture))
        : DateTimeOffset.MaxValue;

    public KeyScope? Key => Principal?.FindFirstValue(SessionClaims.Key) is { } key
        ? new KeyScope(
            Guid.Parse(key, CultureInfo.InvariantCulture), Principal.FindAll(SessionClaims.KeyScope).Select(c => c.Value).ToHashSet(StringComparer.Ordinal),
            Principal.HasClaim(SessionClaims.KeyAllProjects, "1") ? null : Principal.FindAll(SessionClaims.KeyProject).Select(c => Guid.Parse(c.Value, CultureInfo.InvariantCulture)).ToHashSet())
        : null;

    private ClaimsPrincipal? Principal => http.HttpContext?.User;

    private string Claim(string type) => Principal?.FindFirstValue(type) ?? throw new InvalidOperationException($"No session: claim {type} is missing.");

    private Guid Id(string type) => Guid.Parse(Claim(type), CultureInfo.InvariantCulture);
}
