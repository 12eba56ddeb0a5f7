namespace Hybrid.Quality.Intervals;

/// <summary>Settings of the drift alert.</summary>
/// <param name="Reference">The score that is expected, 0 to 1.</param>
/// <param name="Slack">k: drops smaller than this are borne, in the score's unit; half of the drop that matters.</param>
/// <param name="Limit">h: the sum from which on there is an alert.</param>
/// <param name="Minimum">Least number of scores before there is an alert.</param>
public sealed record CusumSettings(double Reference, double Slack, double Limit, int Minimum);

/// <summary>Where the sum stands.</summary>
/// <param name="Sum">S = max(0, S + reference − slack − score); 0 at first.</param>
/// <param name="N">Scores seen.</param>
/// <param name="Drifting">The sum is above the limit, and there are enough scores.</param>
/// <param name="Since">Index of the first score of the present rise, or null: when the drift began, by the chart.</param>
public sealed record CusumState(double Sum, int N, bool Drifting, int? Since)
{
    /// <summary>Before any score.</summary>
    public static readonly CusumState Start = new(0, 0, false, null);
}

/// <summary>One-sided cumulative sum against a fall of the score (Page 1954, "Continuous inspection schemes", Biometrika 41).</summary>
public static class Cusum
{
    /// <summary>Takes one more score.</summary>
    public static CusumState Add(CusumState state, double score, CusumSettings settings)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(settings);
        var sum = Math.Max(0, state.Sum + settings.Reference - settings.Slack - score);
        var n = state.N + 1;
        return new CusumState(sum, n, n >= settings.Minimum && sum > settings.Limit, sum > 0 ? state.Since ?? state.N : null);
    }

    /// <summary>Takes all scores, oldest first.</summary>
    public static CusumState Of(IEnumerable<double> scores, CusumSettings settings)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.Aggregate(CusumState.Start, (state, score) => Add(state, score, settings));
    }
}
