using FluentValidation;
using Hybrid.ControlPlane.Domain.Quality;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>What a project measures, and when it acts on it (workflow-and-quality.md § Quality measures).</summary>
/// <param name="HoneypotShare">Chance that a person's next task is a honeypot once the spacing is over, 0 to 0.5; 0 = there are none.</param>
/// <param name="HoneypotSpacing">Least number of other tasks between two honeypots of one person, 0 to 1,000.</param>
/// <param name="HoneypotMostGiven">After so many people a honeypot retires; null = never by itself.</param>
/// <param name="PauseThreshold">Who lies under it with the upper end of the 95 % interval may not claim, 0 to 1; null = nobody is paused.</param>
/// <param name="Window">How many of a person's last honeypot scores count, 2 to 1,000.</param>
/// <param name="Minimum">Least n that anything acts on, 2 to 1,000, not above the window.</param>
/// <param name="DriftReference">The score that is expected, 0 to 1, for the drift alert; null = there is none.</param>
/// <param name="DriftSlack">Smaller drops are borne, 0 to 1.</param>
/// <param name="DriftLimit">From which cumulative sum on there is an alert, above 0, up to 100.</param>
/// <param name="ConsensusBlocksDone">An asset under the consensus threshold that no step reviews is not done.</param>
public sealed record RulesView(
    double HoneypotShare, int HoneypotSpacing, int? HoneypotMostGiven, double? PauseThreshold, int Window, int Minimum, double? DriftReference, double DriftSlack, double DriftLimit, bool ConsensusBlocksDone)
{
    internal static RulesView Of(QualityRules r) => new(
        r.HoneypotShare, r.HoneypotSpacing, r.HoneypotMostGiven, r.PauseThreshold, r.Window, r.Minimum, r.DriftReference, r.DriftSlack, r.DriftLimit, r.ConsensusBlocksDone);

    internal QualityRules ToRules() => new(
        HoneypotShare, HoneypotSpacing, HoneypotMostGiven, PauseThreshold, Window, Minimum, DriftReference, DriftSlack, DriftLimit, ConsensusBlocksDone);

    internal sealed class Validator : AbstractValidator<RulesView>
    {
        private const int Most = 1_000;

        public Validator()
        {
            RuleFor(r => r.HoneypotShare).InclusiveBetween(0, 0.5);
            RuleFor(r => r.HoneypotSpacing).InclusiveBetween(0, Most);
            RuleFor(r => r.HoneypotMostGiven).InclusiveBetween(1, 100_000);
            RuleFor(r => r.PauseThreshold).InclusiveBetween(0, 1);
            RuleFor(r => r.Window).InclusiveBetween(2, Most);
            RuleFor(r => r.Minimum).InclusiveBetween(2, Most).Must((r, m) => m <= r.Window).WithMessage("The minimum is not above the window.");
            RuleFor(r => r.DriftReference).InclusiveBetween(0, 1);
            RuleFor(r => r.DriftSlack).InclusiveBetween(0, 1);
            RuleFor(r => r.DriftLimit).GreaterThan(0).LessThanOrEqualTo(100);
        }
    }
}

/// <summary>A figure with its 95 % interval; without a value n is too small.</summary>
/// <param name="N">Observations.</param>
/// <param name="Value">The figure.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public sealed record EstimateView(int N, double? Value, double? Lower, double? Upper)
{
    internal static EstimateView Of(Hybrid.Quality.Intervals.Estimate e) => new(e.N, e.Value, e.Lower, e.Upper);
}
