namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Ten ways in without the authenticator, each for one time; given out once.</summary>
public sealed record IssuedCodes(IReadOnlyList<string> RecoveryCodes);
