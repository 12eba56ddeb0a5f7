namespace Hybrid.ControlPlane.Persistence;

/// <summary>A way in that a person's device keeps (W3C Web Authentication Level 3): the device has the private key, and this row the public one.</summary>
public sealed class Passkey
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 100;

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; set; }

    /// <summary>Whose.</summary>
    public Guid PersonId { get; set; }

    /// <summary>The authenticator's own name of it, 1 to 1023 bytes.</summary>
    public byte[] CredentialId { get; set; } = [];

    /// <summary>Public key (COSE, RFC 9052).</summary>
    public byte[] PublicKey { get; set; } = [];

    /// <summary>What the person calls it.</summary>
    public string Name { get; set; } = "";

    /// <summary>The highest count of signatures that was seen; 0 = the authenticator does not count.</summary>
    public long SignCount { get; set; }

    /// <summary>How the authenticator can be reached (<c>internal</c>, <c>usb</c>, <c>hybrid</c> …), as it said itself.</summary>
    public List<string> Transports { get; set; } = [];

    /// <summary>Whether it may be kept in more than one place.</summary>
    public bool BackupEligible { get; set; }

    /// <summary>Whether it was, when last used.</summary>
    public bool BackedUp { get; set; }

    /// <summary>What the authenticator said of itself as it made the key.</summary>
    public byte[] AttestationObject { get; set; } = [];

    /// <summary>What the browser said then: challenge and origin.</summary>
    public byte[] ClientDataJson { get; set; } = [];

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The last time it let somebody in; null = never yet.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>A challenge that was answered: no answer counts twice.</summary>
public sealed class AnsweredChallenge
{
    /// <summary>SHA-256 of the ceremony that carried it.</summary>
    public byte[] Digest { get; set; } = [];

    /// <summary>From when on the ceremony is void by itself, and the row of no use; Unix milliseconds.</summary>
    public long ExpiresAt { get; set; }
}
