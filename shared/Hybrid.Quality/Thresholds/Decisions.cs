using Hybrid.Quality.Intervals;

namespace Hybrid.Quality.Thresholds;

/// <summary>A decision by threshold, with the figures for its audit entry.</summary>
/// <param name="Act">Whether the threshold bites.</param>
/// <param name="Reason">Stable: <c>below_threshold</c>, <c>holds</c> or <c>n_too_small</c>.</param>
/// <param name="Threshold">In force.</param>
/// <param name="Minimum">Least n that is acted on.</param>
/// <param name="Figures">n, value and interval.</param>
public sealed record ThresholdDecision(bool Act, string Reason, double Threshold, int Minimum, Estimate Figures);

/// <summary>Why <c>done</c> is blocked.</summary>
/// <param name="Blocked">Whether it is.</param>
/// <param name="OpenIssues">On the current round.</param>
/// <param name="Consensus">What was decided by consensus, when the project has a threshold.</param>
public sealed record DoneDecision(bool Blocked, int OpenIssues, ThresholdDecision? Consensus);

/// <summary>Thresholds with teeth (workflow-and-quality.md § Quality measures). Pure: whoever acts writes the figures into the audit entry.</summary>
public static class Teeth
{
    /// <summary>
    /// Whether a labeler loses the right to claim: the 95 % interval's upper end over the last scores lies under the threshold, and there are enough.
    /// </summary>
    /// <param name="honeypotScores">Oldest first.</param>
    /// <param name="threshold">0 to 1.</param>
    /// <param name="window">N: how many of the last scores count.</param>
    /// <param name="minimum">Least number of scores that is acted on; at least 2, since one has no interval.</param>
    /// <param name="seed">Of the bootstrap, kept with the figures.</param>
    public static ThresholdDecision PauseLabeler(IReadOnlyList<double> honeypotScores, double threshold, int window, int minimum, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(honeypotScores);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var figures = Bootstrap.Mean(honeypotScores.Skip(Math.Max(0, honeypotScores.Count - window)), seed, minimum);
        return Decide(figures, figures.Upper, threshold, minimum);
    }

    /// <summary>Whether an asset goes to review whatever the sampling said: its consensus lies under the threshold.</summary>
    /// <param name="consensus">Mean pairwise agreement, or null without a pair.</param>
    /// <param name="labelers">Labels that it rests on.</param>
    /// <param name="threshold">0 to 1.</param>
    /// <param name="minimum">Least number of labels that is acted on.</param>
    public static ThresholdDecision ReviewAsset(double? consensus, int labelers, double threshold, int minimum = 2)
    {
        var figures = consensus is { } value && labelers >= minimum ? new Estimate(labelers, value, null, null) : Estimate.OfTooFew(labelers);
        return Decide(figures, figures.Value, threshold, minimum);
    }

    /// <summary>Whether an asset must not be done: an open issue on the current round, or consensus under the threshold, where the project says so.</summary>
    /// <param name="openIssues">On the current round.</param>
    /// <param name="issuesBlock">The project's setting.</param>
    /// <param name="consensus">The decision of <see cref="ReviewAsset"/>, or null when the project lets consensus block nothing.</param>
    public static DoneDecision BlockDone(int openIssues, bool issuesBlock, ThresholdDecision? consensus) =>
        new((issuesBlock && openIssues > 0) || consensus is { Act: true }, openIssues, consensus);

    private static ThresholdDecision Decide(Estimate figures, double? held, double threshold, int minimum)
    {
        var act = held < threshold;
        return new ThresholdDecision(act, figures.TooSmall ? "n_too_small" : act ? "below_threshold" : "holds", threshold, minimum, figures);
    }
}
