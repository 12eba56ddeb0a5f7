namespace Hybrid.ControlPlane.Domain.Assets;

/// <summary>A reference to an object in the customer's storage; never bytes.</summary>
public sealed class Asset : IBelongsToProject, IVersioned
{
    private Asset() => (Key, MediaType) = ("", "");

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Where the object lives.</summary>
    public Guid ConnectionId { get; private set; }

    /// <summary>Object key in the connection (or its opaque name), at most 1,024 bytes of UTF-8 as in S3.</summary>
    public string Key { get; private set; }

    /// <summary>Object version, when the store keeps versions.</summary>
    public string? ObjectVersion { get; private set; }

    /// <summary>Entity tag at import; tells a changed object.</summary>
    public string? ETag { get; private set; }

    /// <summary>Size in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Media type, e.g. <c>image/jpeg</c>.</summary>
    public string MediaType { get; private set; }

    /// <summary>Width in pixels after EXIF orientation; null until the second pass or the first view.</summary>
    public int? Width { get; private set; }

    /// <summary>Height in pixels after EXIF orientation.</summary>
    public int? Height { get; private set; }

    /// <summary>EXIF orientation, 1–8.</summary>
    public int? Orientation { get; private set; }

    /// <summary>Why the headers could not be read (a code), e.g. <c>not_a_picture</c>.</summary>
    public string? DescribeError { get; private set; }

    /// <summary>When it was imported.</summary>
    public DateTimeOffset ImportedAt { get; private set; }

    /// <summary>The last import whose listing held the object.</summary>
    public Guid? SeenBy { get; private set; }

    /// <summary>When an import first found the object with another entity tag or size than at its own import.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>When an import that lists it no longer found the object; null again once it is back.</summary>
    public DateTimeOffset? VanishedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Makes a reference.</summary>
    public static Asset Create(
        Guid organizationId, Guid projectId, Guid connectionId, string key, string? objectVersion, string? etag, long size, string mediaType, DateTimeOffset now, Guid? seenBy = null) => new()
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            ProjectId = projectId,
            ConnectionId = connectionId,
            Key = key,
            ObjectVersion = objectVersion,
            ETag = etag,
            Size = size,
            MediaType = mediaType,
            ImportedAt = now,
            SeenBy = seenBy,
        };

    /// <summary>Records the picture's size after orientation.</summary>
    public void Describe(int width, int height, int orientation) =>
        (Width, Height, Orientation, DescribeError) = (width, height, orientation, null);

    /// <summary>Records why the size could not be read.</summary>
    public void CannotDescribe(string code) => DescribeError = code;
}
