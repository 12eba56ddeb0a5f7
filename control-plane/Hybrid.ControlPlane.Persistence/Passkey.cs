namespace Hybrid.ControlPlane.Persistence;

/// <summary>A passkey (WebAuthn Level 3 public key credential) of a person: the public half, never a secret.</summary>
public sealed class Passkey
{
    /// <summary>Identifier (UUIDv7), for the person's own list.</summary>
    public Guid Id { get; set; }

    /// <summary>Whose.</summary>
    public Guid PersonId { get; set; }

    /// <summary>The authenticator's name for it, at most 1023 bytes.</summary>
    public byte[] CredentialId { get; set; } = [];

    /// <summary>COSE key (RFC 9052).</summary>
    public byte[] PublicKey { get; set; } = [];

    /// <summary>What the person calls it, 1–100 characters.</summary>
    public string Name { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it last signed somebody in; null = never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>The authenticator's signature counter; 0 where it counts none.</summary>
    public long SignCount { get; set; }

    /// <summary>How it can be reached (<c>usb</c>, <c>internal</c> …), blanks between; empty = not said.</summary>
    public string Transports { get; set; } = "";

    /// <summary>User verification was done when it was made.</summary>
    public bool IsUserVerified { get; set; }

    /// <summary>It may be copied between devices of the person.</summary>
    public bool IsBackupEligible { get; set; }

    /// <summary>It is copied.</summary>
    public bool IsBackedUp { get; set; }

    /// <summary>What the authenticator said when it was made.</summary>
    public byte[] AttestationObject { get; set; } = [];

    /// <summary>What the browser said when it was made.</summary>
    public byte[] ClientDataJson { get; set; } = [];
}
