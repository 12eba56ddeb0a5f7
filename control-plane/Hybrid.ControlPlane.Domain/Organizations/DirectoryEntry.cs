namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>
/// What an organization's directory says of one of its people, by SCIM 2.0 (RFC 7643 § 4.1). Who has one is looked after there: the directory
/// finds the person again by it, also while they are deactivated.
/// </summary>
public sealed class DirectoryEntry : IBelongsToOrganization
{
    private DirectoryEntry() => (UserName, NormalizedUserName, Suspended) = ("", "", []);

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>The directory's <c>userName</c>, 1–256 characters: often, but not always, a mail address.</summary>
    public string UserName { get; private set; }

    /// <summary>The same in upper case, unique in the organization.</summary>
    public string NormalizedUserName { get; private set; }

    /// <summary>The directory's own id (<c>externalId</c>), to the letter; null when it gives none. Unique in the organization.</summary>
    public string? ExternalId { get; private set; }

    /// <summary>Given name, at most 200 characters.</summary>
    public string? GivenName { get; private set; }

    /// <summary>Family name, at most 200 characters.</summary>
    public string? FamilyName { get; private set; }

    /// <summary>True for somebody whom the directory brought and who had no account before: their own first sign-in there may link them.</summary>
    public bool BroughtPerson { get; private set; }

    /// <summary>Teams of the directory that a deactivated person is in, and gets back with their account: the directory does not say it twice.</summary>
    public List<Guid> Suspended { get; private set; }

    /// <summary>Since when the directory looks after the person.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Begins to look after a person.</summary>
    public static DirectoryEntry Create(Guid organizationId, Guid personId, bool broughtPerson, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, PersonId = personId, BroughtPerson = broughtPerson, CreatedAt = now };

    /// <summary>Takes over what the directory says.</summary>
    public void Describe(string userName, string? externalId, string? givenName, string? familyName) =>
        (UserName, NormalizedUserName, ExternalId, GivenName, FamilyName) = (userName, Normalize(userName), externalId, givenName, familyName);

    /// <summary>Notes the teams of a deactivated person; none of an active one.</summary>
    public void Suspend(IEnumerable<Guid> teams) => Suspended = [.. teams];

    /// <summary>The form in which two names are the same.</summary>
    public static string Normalize(string userName) => userName.ToUpperInvariant();
}
