namespace Hybrid.Quality.Reliability;

/// <summary>Whether an asset's answer is settled, and by which figures.</summary>
/// <param name="Settled">No further labeler is needed.</param>
/// <param name="AskAgain">One more is to be asked; false also when the greatest number was reached unsettled.</param>
/// <param name="Category">The leading category, or null without votes.</param>
/// <param name="Confidence">That it is the right one, 0 to 1.</param>
/// <param name="Votes">n.</param>
public sealed record Settlement(bool Settled, bool AskAgain, int? Category, double Confidence, int Votes)
{
    /// <summary>
    /// By majority: with equal priors and raters of the stated accuracy who err evenly over the other categories, the confidence is
    /// Bayes' posterior of the leading category, whose odds against another are (accuracy · (K − 1) / (1 − accuracy))^difference in votes.
    /// </summary>
    /// <param name="counts">Votes by category, at least two categories.</param>
    /// <param name="accuracy">Above chance and below 1.</param>
    /// <param name="confidence">From which on the answer is settled, 0 to 1.</param>
    /// <param name="least">Votes needed before anything is settled.</param>
    /// <param name="most">Votes after which nobody else is asked.</param>
    public static Settlement ByMajority(IReadOnlyList<int> counts, double accuracy, double confidence, int least, int most)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(counts.Count, 2, nameof(counts));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(accuracy, 1.0 / counts.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(accuracy, 1);
        var odds = accuracy * (counts.Count - 1) / (1 - accuracy);
        var greatest = counts.Max();
        var weights = counts.Select(c => Math.Pow(odds, c - greatest)).ToList();
        return By([.. weights.Select(w => w / weights.Sum())], counts.Sum(), confidence, least, most);
    }

    /// <summary>By a posterior, e.g. of <see cref="DawidSkene"/>.</summary>
    /// <param name="posterior">Of the asset's categories.</param>
    /// <param name="votes">That the asset has.</param>
    /// <param name="confidence">From which on the answer is settled, 0 to 1.</param>
    /// <param name="least">Votes needed before anything is settled.</param>
    /// <param name="most">Votes after which nobody else is asked.</param>
    public static Settlement By(IReadOnlyList<double> posterior, int votes, double confidence, int least, int most)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        var leading = 0;
        for (var c = 1; c < posterior.Count; c++)
        {
            if (posterior[c] > posterior[leading]) leading = c;
        }

        // A tie leads nowhere, whatever the confidence asked for.
        var tied = votes == 0 || posterior.Count(p => p == posterior[leading]) > 1;
        var settled = !tied && votes >= least && posterior[leading] >= confidence;
        return new Settlement(settled, !settled && votes < most, tied ? null : leading, posterior[leading], votes);
    }
}
