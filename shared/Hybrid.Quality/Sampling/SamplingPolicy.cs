namespace Hybrid.Quality.Sampling;

/// <summary>Which assets a review step sees.</summary>
public abstract record SamplingPolicy
{
    private SamplingPolicy()
    {
    }

    /// <summary>As it is logged.</summary>
    public abstract string Name { get; }

    /// <summary>The rate in force, 0 to 1.</summary>
    /// <param name="state">When the asset arrives.</param>
    public abstract double RateAt(SamplingState state);

    /// <summary>Always the same rate.</summary>
    /// <param name="Rate">0 to 1.</param>
    public sealed record Fixed(double Rate) : SamplingPolicy
    {
        /// <inheritdoc/>
        public override string Name => "fixed";

        /// <inheritdoc/>
        public override double RateAt(SamplingState state) => Rate;
    }

    /// <summary>The first N assets all, then a rate.</summary>
    /// <param name="First">N.</param>
    /// <param name="Rate">0 to 1.</param>
    public sealed record WarmUp(int First, double Rate) : SamplingPolicy
    {
        /// <inheritdoc/>
        public override string Name => "warm-up";

        /// <inheritdoc/>
        public override double RateAt(SamplingState state) => Known(state).ArrivedBefore < First ? 1 : Rate;
    }

    /// <summary>The first N assets all, then the low rate while the rolling agreement holds, else all.</summary>
    /// <param name="First">N.</param>
    /// <param name="LowRate">0 to 1.</param>
    /// <param name="Window">W: reviewed assets that the agreement is taken over.</param>
    /// <param name="Threshold">Of the rolling agreement, 0 to 1.</param>
    /// <param name="Minimum">Reviewed assets in the window below which the low rate is not taken: nothing acts on a smaller n.</param>
    public sealed record Adaptive(int First, double LowRate, int Window, double Threshold, int Minimum = 1) : SamplingPolicy
    {
        /// <inheritdoc/>
        public override string Name => "adaptive";

        /// <inheritdoc/>
        public override double RateAt(SamplingState state)
        {
            var (arrived, reviewed, agreement) = Known(state);
            return arrived >= First && reviewed >= Minimum && agreement >= Threshold ? LowRate : 1;
        }
    }

    private static SamplingState Known(SamplingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state;
    }
}

/// <summary>What the policy looks at.</summary>
/// <param name="ArrivedBefore">Assets that arrived at the step before this one.</param>
/// <param name="Reviewed">Reviewed assets in the window, at most W.</param>
/// <param name="RollingAgreement">Mean agreement before and after review over the window, or null without any.</param>
public sealed record SamplingState(int ArrivedBefore, int Reviewed, double? RollingAgreement);

/// <summary>A decision with everything that it rests on: whoever holds the seed computes it anew.</summary>
/// <param name="AssetId">Of the asset.</param>
/// <param name="StepId">Of the step.</param>
/// <param name="Round">From 1.</param>
/// <param name="PolicyVersion">In force.</param>
/// <param name="Policy">In force.</param>
/// <param name="State">When the asset arrived.</param>
/// <param name="Rate">In force, 0 to 1.</param>
/// <param name="Draw">In [0, 1).</param>
/// <param name="Reviewed">draw &lt; rate.</param>
public sealed record SamplingDecision(
    Guid AssetId, Guid StepId, int Round, int PolicyVersion, SamplingPolicy Policy, SamplingState State, double Rate, double Draw, bool Reviewed)
{
    /// <summary>Decides once, when the asset arrives at the step.</summary>
    public static SamplingDecision Decide(
        ReadOnlySpan<byte> seed, Guid assetId, Guid stepId, int round, int policyVersion, SamplingPolicy policy, SamplingState state)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var rate = policy.RateAt(state);
        var draw = Sampling.Draw.Of(seed, assetId, stepId, round);
        return new SamplingDecision(assetId, stepId, round, policyVersion, policy, state, rate, draw, draw < rate);
    }

    /// <summary>Whether the inputs give this very decision again.</summary>
    public bool Holds(ReadOnlySpan<byte> seed) => Decide(seed, AssetId, StepId, Round, PolicyVersion, Policy, State) == this;
}
