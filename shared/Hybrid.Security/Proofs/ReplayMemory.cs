namespace Hybrid.Security.Proofs;

/// <summary>
/// Remembers proofs for as long as they could be replayed. Bounded per key and in all; a full memory refuses and never forgets, and
/// one key alone cannot fill it for the others.
/// </summary>
/// <param name="clock">The present instant.</param>
/// <param name="perKey">Proofs that one key may make in <see cref="Window"/>.</param>
/// <param name="total">Proofs in all.</param>
public sealed class ReplayMemory(TimeProvider clock, int perKey = 3_000, int total = 300_000)
{
    /// <summary>How long a proof is remembered: longer than its clock skew allows either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(3);

    private static readonly SecurityRefusal Replayed = new("proof.replayed", "This proof was used before. Load the page again.");
    private static readonly SecurityRefusal TooMany = new("proof.rate", "Too many requests from this browser. Wait a minute and try again.");
    private static readonly SecurityRefusal Full = new("proof.memory_full", "The agent is serving as many requests as it can remember. Try again in a minute.");

    private readonly Lock gate = new();
    private readonly HashSet<(string Key, string Jti)> seen = [];
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, string Jti, long At)> order = new();

    /// <summary>Number of proofs remembered now.</summary>
    public int Count
    {
        get
        {
            lock (gate) return seen.Count;
        }
    }

    /// <summary>Takes a proof; the refusal when it was seen before or there is no room.</summary>
    public SecurityRefusal? Take(Proof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        lock (gate)
        {
            Forget();
            var entry = (proof.Thumbprint, proof.TokenId);
            if (seen.Contains(entry)) return Replayed;
            var count = counts.GetValueOrDefault(proof.Thumbprint);
            if (count >= perKey) return TooMany;
            if (seen.Count >= total) return Full;
            seen.Add(entry);
            counts[proof.Thumbprint] = count + 1;
            order.Enqueue((proof.Thumbprint, proof.TokenId, clock.GetTimestamp()));
            return null;
        }
    }

    private void Forget()
    {
        while (order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > Window)
        {
            order.Dequeue();
            seen.Remove((oldest.Key, oldest.Jti));
            if (--counts[oldest.Key] == 0) counts.Remove(oldest.Key);
        }
    }
}
