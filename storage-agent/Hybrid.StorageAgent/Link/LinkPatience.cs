namespace Hybrid.StorageAgent.Link;

/// <summary>How the agent notices that nobody is at the other end any more, though the connection still stands.</summary>
/// <param name="KeepAlive">How often it is heard itself. Shorter than half of what the control plane waits for (30 seconds).</param>
/// <param name="Silence">How long it waits for any word of the control plane, which is heard every 15 seconds. At least twice that.</param>
public sealed record LinkPatience(TimeSpan KeepAlive, TimeSpan Silence)
{
    /// <summary>15 and 30 seconds.</summary>
    public static LinkPatience Standard { get; } = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
}
