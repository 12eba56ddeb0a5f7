namespace Hybrid.ControlPlane.Domain;

/// <summary>A row of one organization; queries are filtered by it without exception.</summary>
public interface IBelongsToOrganization
{
    /// <summary>The organization that owns the row.</summary>
    Guid OrganizationId { get; }
}

/// <summary>A row of one project of one organization.</summary>
public interface IBelongsToProject : IBelongsToOrganization
{
    /// <summary>The project that owns the row.</summary>
    Guid ProjectId { get; }
}

/// <summary>An aggregate with a concurrency token: a lost race is a 409, never a lost write.</summary>
public interface IVersioned
{
    /// <summary>Raised by one at each change.</summary>
    int Version { get; set; }
}
