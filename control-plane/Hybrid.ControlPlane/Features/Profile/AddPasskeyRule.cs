namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>How many passkeys an account can have.</summary>
internal static class AddPasskeyRule
{
    /// <summary>A browser gets the ids of all, so that no device makes a second one.</summary>
    public const int Most = 20;
}
