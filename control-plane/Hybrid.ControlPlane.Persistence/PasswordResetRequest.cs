namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// Somebody wants a new password for an address. Whether there is such an account is looked up later and elsewhere, so that asking answers the
/// same, and as fast, for every address. The row lives for seconds.
/// </summary>
public sealed class PasswordResetRequest
{
    /// <summary>The address as Identity compares it; one row for each.</summary>
    public string NormalizedEmail { get; set; } = "";

    /// <summary>Since when.</summary>
    public DateTimeOffset AskedAt { get; set; }
}
