namespace Hybrid.StorageAgent.Providers;

/// <summary>
/// Lets one server of a connection rest once it failed <see cref="Failures"/> times in a row: then every question is answered at once
/// with <c>storage.resting</c> instead of being waited for. After a pause one question is let through as a trial; its answer ends the
/// rest, its failure doubles the pause, to <see cref="LongestPause"/>. What the server refused or does not have is an answer. (Polly
/// counts shares of a time window and takes a question that its asker gave up for an answer; this counts in a row, and does not.)
/// </summary>
/// <param name="server">What is behind it, in words: "store", "token service".</param>
/// <param name="clock">Measures the pauses by the time that passes, which no one can set.</param>
public sealed class CircuitBreaker(string server, TimeProvider clock)
{
    /// <summary>The code of the answer while it rests.</summary>
    public const string Resting = "storage.resting";

    /// <summary>Failures in a row that begin a rest.</summary>
    public const int Failures = 5;

    /// <summary>The first pause.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause: an import asks again for longer than that before it gives up.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal) { "storage.unreachable", "storage.slow", "storage.busy", "storage.failed", "storage.interrupted" };
    private static readonly HashSet<string> Answers = new(StringComparer.Ordinal) { "storage.forbidden", "storage.not_found", "storage.key_refused", "storage.role_refused" };

    private readonly Lock gate = new();
    private int failures;
    private string last = "";
    private (long Since, TimeSpan Pause)? rest;
    private bool isTrying;
    // Questions of before a rest began say nothing about what comes after it.
    private int epoch;

    /// <summary>What is behind it, in words.</summary>
    public string Server => server;

    /// <summary>Whether it rests now.</summary>
    public bool IsResting
    {
        get
        {
            lock (gate) return rest is not null;
        }
    }

    /// <summary>A rest began, for this reason (code).</summary>
    public event Action<string>? Opened;

    /// <summary>The server answers again.</summary>
    public event Action? Closed;

    /// <summary>Lets a question through, or refuses it at once.</summary>
    /// <returns>To be handed back with the outcome.</returns>
    /// <exception cref="StorageException"><see cref="Resting"/>.</exception>
    internal int Enter()
    {
        lock (gate)
        {
            if (rest is not { } now) return epoch;
            var left = now.Pause - clock.GetElapsedTime(now.Since);
            if (left > TimeSpan.Zero || isTrying) throw Refusal(left);
            isTrying = true;
            return epoch;
        }
    }

    /// <summary>The question was answered.</summary>
    internal void Answered(int entered)
    {
        lock (gate)
        {
            if (entered != epoch) return;
            (failures, isTrying) = (0, false);
            if (rest is null) return;
            rest = null;
            epoch++;
        }

        Closed?.Invoke();
    }

    /// <summary>The question failed, or was refused.</summary>
    internal void Failed(int entered, string code)
    {
        if (Answers.Contains(code)) Answered(entered);
        else if (Counted.Contains(code)) Count(entered, code);
        else GivenUp(entered);
    }

    /// <summary>The question ended without a word of the server's: its asker gave up, or it was never sent.</summary>
    internal void GivenUp(int entered)
    {
        lock (gate)
        {
            if (entered == epoch) isTrying = false;
        }
    }

    private void Count(int entered, string code)
    {
        lock (gate)
        {
            if (entered != epoch) return;
            last = code;
            failures++;
            if (rest is { } before)
            {
                rest = (clock.GetTimestamp(), before.Pause * 2 < LongestPause ? before.Pause * 2 : LongestPause);
                isTrying = false;
                return;
            }

            if (failures < Failures) return;
            rest = (clock.GetTimestamp(), FirstPause);
            epoch++;
        }

        Opened?.Invoke(code);
    }

    private StorageException Refusal(TimeSpan left)
    {
        var when = left > TimeSpan.Zero ? FormattableString.Invariant($"in {Math.Ceiling(left.TotalSeconds):0} seconds") : "at this moment";
        return new StorageException(
            Resting, FormattableString.Invariant($"The {server} failed {failures} times in a row ({last}), so the agent lets it rest. It asks again {when}: try again after that. What is wrong with it, hybrid-agent check says."));
    }
}
