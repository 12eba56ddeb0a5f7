namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>What kind of identity provider it is.</summary>
public enum IdentityProviderKind
{
    /// <summary>Any that speaks OpenID Connect, named by its issuer.</summary>
    OpenIdConnect = 0,

    /// <summary>Microsoft Entra ID, named by cloud and tenant.</summary>
    EntraId = 1,
}

/// <summary>Microsoft's clouds, which know nothing of each other.</summary>
public enum EntraCloud
{
    /// <summary>The worldwide one.</summary>
    Public = 0,

    /// <summary>Microsoft Cloud for US Government.</summary>
    UsGovernment = 1,

    /// <summary>Operated by 21Vianet in China.</summary>
    China = 2,
}

/// <summary>By what the product proves to the provider that it is its client.</summary>
public enum ClientCredential
{
    /// <summary>A client secret (RFC 6749 § 2.3.1).</summary>
    Secret = 0,

    /// <summary>A certificate with its private key, which signs an assertion (RFC 7523).</summary>
    Certificate = 1,
}

/// <summary>The OpenID provider that an organization signs its people in with; at most one each.</summary>
public sealed class IdentityProvider : IBelongsToOrganization
{
    private IdentityProvider() => (Name, Issuer, ClientId, Scopes, GroupsClaim, Mapping, BreakGlass, ProtectedSecret) = ("", "", "", "", "", "[]", [], []);

    /// <summary>Identifier (UUIDv7); a part of the back-channel logout address.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>What the sign-in page calls it, 1–100 characters.</summary>
    public string Name { get; private set; }

    /// <summary>What kind it is.</summary>
    public IdentityProviderKind Kind { get; private set; }

    /// <summary>The tenant of Entra ID; null for other kinds.</summary>
    public Guid? TenantId { get; private set; }

    /// <summary>The cloud of Entra ID; null for other kinds.</summary>
    public EntraCloud? Cloud { get; private set; }

    /// <summary>What <see cref="ProtectedSecret"/> is.</summary>
    public ClientCredential Credential { get; private set; }

    /// <summary>Issuer identifier (OpenID Connect Core 1.0 § 2), compared to the letter.</summary>
    public string Issuer { get; private set; }

    /// <summary>Our client id there.</summary>
    public string ClientId { get; private set; }

    /// <summary>Our client secret, or certificate with key (PEM), encrypted by Data Protection; never leaves the server.</summary>
    public byte[] ProtectedSecret { get; private set; }

    /// <summary>Scopes asked for, separated by blanks; always holds <c>openid</c>.</summary>
    public string Scopes { get; private set; }

    /// <summary>Name of the claim that lists groups.</summary>
    public string GroupsClaim { get; private set; }

    /// <summary>Group → role rules, a JSON array.</summary>
    public string Mapping { get; private set; }

    /// <summary>Whether unknown people of a proven domain are added as they sign in.</summary>
    public bool JustInTime { get; private set; }

    /// <summary>Whether passwords are refused to everyone but the break-glass owners.</summary>
    public bool Enforced { get; private set; }

    /// <summary>Owners who may sign in with a password even when single sign-on is enforced.</summary>
    public List<Guid> BreakGlass { get; private set; }

    /// <summary>When it was first configured.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes an empty row for an organization.</summary>
    public static IdentityProvider Create(Guid organizationId, DateTimeOffset now) => new() { Id = Guid.CreateVersion7(now), OrganizationId = organizationId, CreatedAt = now };

    /// <summary>Sets who it is and how we are known there.</summary>
    public void Identify(string name, string issuer, string clientId, string scopes) => (Name, Issuer, ClientId, Scopes) = (name, issuer, clientId, scopes);

    /// <summary>Says that it is a tenant of Entra ID, or (null) any OpenID provider.</summary>
    public void BeOf(EntraCloud? cloud, Guid? tenantId) => (Kind, Cloud, TenantId) = (tenantId is null ? IdentityProviderKind.OpenIdConnect : IdentityProviderKind.EntraId, cloud, tenantId);

    /// <summary>Replaces the encrypted client secret or certificate.</summary>
    public void ReplaceSecret(ClientCredential credential, byte[] protectedSecret) => (Credential, ProtectedSecret) = (credential, protectedSecret);

    /// <summary>Sets who comes in, and as what.</summary>
    public void Admit(string groupsClaim, string mapping, bool justInTime, bool enforced, IEnumerable<Guid> breakGlass) =>
        (GroupsClaim, Mapping, JustInTime, Enforced, BreakGlass) = (groupsClaim, mapping, justInTime, enforced, [.. breakGlass]);
}

/// <summary>A mail domain that an organization says is its own; believed once proven.</summary>
public sealed class IdentityDomain : IBelongsToOrganization
{
    private IdentityDomain() => (Domain, Token) = ("", "");

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>Domain in lower case, internationalized names as A-labels.</summary>
    public string Domain { get; private set; }

    /// <summary>What the TXT record has to hold.</summary>
    public string Token { get; private set; }

    /// <summary>When it was proven; null = not yet. At most one organization has a domain proven.</summary>
    public DateTimeOffset? VerifiedAt { get; private set; }

    /// <summary>Claims a domain.</summary>
    public static IdentityDomain Create(Guid organizationId, string domain, string token) => new() { OrganizationId = organizationId, Domain = domain, Token = token };

    /// <summary>Marks it proven.</summary>
    public void Verify(DateTimeOffset now) => VerifiedAt = now;
}

/// <summary>Which person a subject of an issuer is: made just in time, or by the person's own proven session.</summary>
public sealed class ExternalLogin : IBelongsToOrganization
{
    private ExternalLogin() => (Issuer, Subject) = ("", "");

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>Issuer: with another one, the same subject is somebody else (OpenID Connect Core 1.0 § 5.7).</summary>
    public string Issuer { get; private set; }

    /// <summary>The issuer's <c>sub</c>, at most 255 characters.</summary>
    public string Subject { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Links a subject to a person.</summary>
    public static ExternalLogin Create(Guid organizationId, string issuer, string subject, Guid personId, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, Issuer = issuer, Subject = subject, PersonId = personId, CreatedAt = now };
}

/// <summary>A project role that a group gave: it goes when the group goes; roles that people gave stay.</summary>
public sealed class MappedMembership : IBelongsToOrganization
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The project.</summary>
    public Guid ProjectId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Notes that a group gave the role.</summary>
    public static MappedMembership Create(Guid organizationId, Guid projectId, Guid personId) => new() { OrganizationId = organizationId, ProjectId = projectId, PersonId = personId };
}

/// <summary>A logout token that was taken: the same one is refused (OpenID Connect Back-Channel Logout 1.0 § 2.6).</summary>
public sealed class TakenLogoutToken : IBelongsToOrganization
{
    private TakenLogoutToken() => Digest = [];

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>SHA-256 of its <c>jti</c>.</summary>
    public byte[] Digest { get; private set; }

    /// <summary>From when its own expiry refuses it.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Notes a token.</summary>
    public static TakenLogoutToken Create(Guid organizationId, byte[] digest, DateTimeOffset expiresAt) => new() { OrganizationId = organizationId, Digest = digest, ExpiresAt = expiresAt };
}
