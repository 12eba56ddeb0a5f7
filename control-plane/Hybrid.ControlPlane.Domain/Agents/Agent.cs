using System.Security.Cryptography;

namespace Hybrid.ControlPlane.Domain.Agents;

/// <summary>A storage agent as the control plane knows it: a name, keys, and what it says of its connections.</summary>
public sealed class Agent : IBelongsToOrganization, IVersioned
{
    private Agent() => (Name, PseudonymKey) = ("", []);

    /// <summary>Identifier (UUIDv7); also the audience of its grants.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>Display name, unique in the organization.</summary>
    public string Name { get; private set; }

    /// <summary>Where browsers reach it (scheme, host, port), as it said in its last hello; null before, and for an agent that is reached by the relay alone.</summary>
    public string? Url { get; private set; }

    /// <summary>Version that it reported.</summary>
    public string? SoftwareVersion { get; private set; }

    /// <summary>Key of the pseudonyms that this agent sees (256 bits).</summary>
    public byte[] PseudonymKey { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its first replica enrolled.</summary>
    public DateTimeOffset? EnrolledAt { get; private set; }

    /// <summary>Last sign of life on the link.</summary>
    public DateTimeOffset? LastSeenAt { get; private set; }

    /// <summary>When it was revoked; no grant names it from then on.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Makes an agent that waits for its enrolment.</summary>
    public static Agent Create(Guid organizationId, string name, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = organizationId,
        Name = name.Trim(),
        PseudonymKey = RandomNumberGenerator.GetBytes(32),
        CreatedAt = now,
    };

    /// <summary>A replica enrolled.</summary>
    public void Enrolled(DateTimeOffset now) => EnrolledAt ??= now;

    /// <summary>A replica said hello over the link.</summary>
    public void SaidHello(string? url, string softwareVersion, DateTimeOffset now)
    {
        Url = url;
        SoftwareVersion = softwareVersion;
        LastSeenAt = now;
    }

    /// <summary>The link is still up.</summary>
    public void Seen(DateTimeOffset now) => LastSeenAt = now;

    /// <summary>Ends its rights for good.</summary>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

/// <summary>The public key of one replica of an agent.</summary>
public sealed class AgentKey : IBelongsToOrganization
{
    private AgentKey() => (KeyId, Jwk) = ("", "");

    /// <summary>RFC 7638 thumbprint, base64url.</summary>
    public string KeyId { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The agent.</summary>
    public Guid AgentId { get; private set; }

    /// <summary>The public key as a JWK (EC, P-256).</summary>
    public string Jwk { get; private set; }

    /// <summary>When it enrolled.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it stopped, or will stop, being accepted.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Registers a replica's key.</summary>
    public static AgentKey Create(Agent agent, string keyId, string jwk, DateTimeOffset now) => new()
    {
        KeyId = keyId,
        OrganizationId = agent.OrganizationId,
        AgentId = agent.Id,
        Jwk = jwk,
        CreatedAt = now,
    };

    /// <summary>Whether it is accepted at a moment.</summary>
    public bool IsAcceptedAt(DateTimeOffset now) => RevokedAt is not { } end || end > now;

    /// <summary>Stops accepting it, at once; also when it was to end later.</summary>
    public void Revoke(DateTimeOffset now)
    {
        if (IsAcceptedAt(now)) RevokedAt = now;
    }

    /// <summary>Another key follows: this one is accepted until a moment, and announces no third one.</summary>
    /// <returns>False when it ends already.</returns>
    public bool TrySupersede(DateTimeOffset until)
    {
        if (RevokedAt is not null) return false;
        RevokedAt = until;
        return true;
    }
}

/// <summary>A one-time right to enrol a replica; only the SHA-256 of its secret is kept.</summary>
public sealed class EnrolmentToken : IBelongsToOrganization, IVersioned
{
    /// <summary>How long a token can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private EnrolmentToken() => Hash = [];

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The agent that it enrols.</summary>
    public Guid AgentId { get; private set; }

    /// <summary>SHA-256 of the token.</summary>
    public byte[] Hash { get; private set; }

    /// <summary>When it lapses.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Makes a token row.</summary>
    public static EnrolmentToken Create(Agent agent, byte[] hash, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = agent.OrganizationId,
        AgentId = agent.Id,
        Hash = hash,
        ExpiresAt = now + Lifetime,
    };

    /// <summary>Uses it up; false when it lapsed or was used before. The concurrency token makes a race a refusal.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (UsedAt is not null || now >= ExpiresAt) return false;
        UsedAt = now;
        return true;
    }
}

/// <summary>A named connection of an agent, as the agent described it; the control plane may only narrow it.</summary>
public sealed class Connection : IBelongsToOrganization, IVersioned
{
    private Connection() => (Name, Provider, Delivery, StorageOrigin, Weaknesses) = ("", "", "", "", "");

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The agent that holds it.</summary>
    public Guid AgentId { get; private set; }

    /// <summary>Name in the agent's own file, unique there.</summary>
    public string Name { get; private set; }

    /// <summary>s3, azure-blob, gcs or file.</summary>
    public string Provider { get; private set; }

    /// <summary>presigned or proxy.</summary>
    public string Delivery { get; private set; }

    /// <summary>Origin that browsers fetch bytes from; goes into the worker's connect-src.</summary>
    public string StorageOrigin { get; private set; }

    /// <summary>Codes of what its URLs fall short in, each once, parted by blanks, e.g. <c>url.header_unbound</c>; empty for nothing.</summary>
    public string Weaknesses { get; private set; }

    /// <summary>When it was first described.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the agent stopped describing it.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Records a connection that an agent described for the first time.</summary>
    public static Connection Create(Agent agent, string name, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = agent.OrganizationId,
        AgentId = agent.Id,
        Name = name,
        CreatedAt = now,
    };

    /// <summary>Takes over what the agent says of it.</summary>
    /// <returns>Whether anything is other than it was.</returns>
    public bool Describe(string provider, string delivery, string storageOrigin, string weaknesses)
    {
        if ((Provider, Delivery, StorageOrigin, Weaknesses, RemovedAt) == (provider, delivery, storageOrigin, weaknesses, null)) return false;
        (Provider, Delivery, StorageOrigin, Weaknesses, RemovedAt) = (provider, delivery, storageOrigin, weaknesses, null);
        return true;
    }

    /// <summary>The agent no longer names it.</summary>
    public void Remove(DateTimeOffset now) => RemovedAt ??= now;
}
