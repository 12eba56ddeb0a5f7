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

    /// <summary>RFC 7638 thumbprint of the browser's key.</summary>
    string KeyThumbprint { get; }
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

    private ClaimsPrincipal? Principal => http.HttpContext?.User;

    private string Claim(string type) => Principal?.FindFirstValue(type) ?? throw new InvalidOperationException($"No session: claim {type} is missing.");

    private Guid Id(string type) => Guid.Parse(Claim(type), CultureInfo.InvariantCulture);
}
