namespace Hybrid.ControlPlane.Persistence;

/// <summary>How many tries failed in a row for one account from strange devices, for one known device, or from one network address.</summary>
public sealed class SignInDelay
{
    /// <summary>SHA-256 of what is counted: no address and no name is kept.</summary>
    public byte[] KeyHash { get; set; } = [];

    /// <summary>Tries that failed or are under way.</summary>
    public int Failures { get; set; }

    /// <summary>The last try, Unix milliseconds.</summary>
    public long LastAt { get; set; }

    /// <summary>No try counts before, Unix milliseconds.</summary>
    public long NotBefore { get; set; }
}

/// <summary>A browser in which a person has signed in with everything their account asks for. Its cookie's digest, not the cookie.</summary>
public sealed class KnownDevice
{
    /// <summary>Whose.</summary>
    public Guid PersonId { get; set; }

    /// <summary>SHA-256 of the cookie's value (256 random bits).</summary>
    public byte[] TokenHash { get; set; } = [];

    /// <summary>The last full sign-in there.</summary>
    public DateTimeOffset LastUsedAt { get; set; }
}
