namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>A key as it is given out, once: <c>Authorization: Bearer KEY</c>.</summary>
public sealed record IssuedKey(Guid Id, string Key, string Prefix, DateTimeOffset ExpiresAt);
