namespace Hybrid.Quality.Agreement;

/// <summary>Settings of a comparison; a project's own, kept with its figures.</summary>
/// <param name="Threshold">Least similarity of a matched pair that counts; 0.5 unless set.</param>
/// <param name="Sigma">σ of keypoint similarity; 0.05 unless set.</param>
/// <param name="FirstIsTruth">
/// The first label is the truth (honeypots, before and after review), whose area scales poses. Unset: both are people's, and a pose's
/// similarity is the mean of both directions, so that agreement is symmetric.
/// </param>
/// <param name="LineDirectionCounts">Whether a polyline drawn the other way is another line.</param>
public sealed record AgreementSettings(double Threshold = 0.5, double Sigma = 0.05, bool FirstIsTruth = false, bool LineDirectionCounts = false);

/// <summary>Two objects that were matched.</summary>
/// <param name="First">Id in the first label.</param>
/// <param name="Second">Id in the second label.</param>
/// <param name="Similarity">IoU or keypoint similarity, in (0, 1].</param>
/// <param name="Answers">Agreement of their answers, or null when neither has any.</param>
/// <param name="Counts">Whether the similarity reaches the threshold.</param>
public sealed record MatchedPair(string First, string Second, double Similarity, double? Answers, bool Counts)
{
    /// <summary>What the pair weighs: the mean of similarity and answers.</summary>
    public double Value => Answers is { } answers ? (Similarity + answers) / 2 : Similarity;
}

/// <summary>Agreement on one class of objects.</summary>
/// <param name="Tool">The class.</param>
/// <param name="Value">2 · Σ value(pairs that count) / (|A| + |B|); null when it cannot be measured (keypoints on an asset of unknown size).</param>
/// <param name="First">Objects in the first label.</param>
/// <param name="Second">Objects in the second label.</param>
/// <param name="Pairs">Matched pairs, those below the threshold too.</param>
/// <param name="OnlyFirst">Ids that matched nothing at or above the threshold, of the first label.</param>
/// <param name="OnlySecond">The same of the second label.</param>
public sealed record ToolAgreement(
    string Tool, double? Value, int First, int Second, IReadOnlyList<MatchedPair> Pairs, IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond);

/// <summary>Agreement on one question about the asset, or one kind of relation.</summary>
/// <param name="Id">Of the question or relation.</param>
/// <param name="Value">In [0, 1].</param>
public sealed record PartAgreement(string Id, double Value);

/// <summary>Agreement of two labels and what it is made of.</summary>
/// <param name="Value">Mean over tools, questions and relations present in either label; 1 when neither has any; null when nothing could be measured.</param>
/// <param name="Tools">By class.</param>
/// <param name="Questions">About the asset.</param>
/// <param name="Relations">By kind: F1 over (type, from, to).</param>
public sealed record LabelAgreement(double? Value, IReadOnlyList<ToolAgreement> Tools, IReadOnlyList<PartAgreement> Questions, IReadOnlyList<PartAgreement> Relations);
