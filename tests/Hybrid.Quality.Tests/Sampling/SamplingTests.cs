using CsCheck;
using Hybrid.Quality.Sampling;

namespace Hybrid.Quality.Tests.Sampling;

public sealed class SamplingTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly Guid Asset = new("0195a000-0000-7000-8000-000000000001");
    private static readonly Guid Step = new("0195a000-0000-7000-8000-0000000000ff");

    // Python: hmac.new(bytes(range(32)), asset.bytes + step.bytes + round.to_bytes(4, "big"), "sha256").digest()[:8] / 2**64
    [Theory]
    [InlineData(1, 0.005592394834815215)]
    [InlineData(2, 0.4356634252882963)]
    public void Draw_IsWhatAnotherProgramComputes(int round, double expected) => Assert.Equal(expected, Draw.Of(Seed, Asset, Step, round), 15);

    [Fact]
    public void Draws_AreEven()
    {
        var draws = Enumerable.Range(1, 20_000).Select(round => Draw.Of(Seed, Asset, Step, round)).ToList();

        Assert.All(draws, d => Assert.InRange(d, 0, 1 - 1e-16));
        // 20,000 draws in 10 bins: 2,000 each, deviation 42.
        Assert.All(draws.GroupBy(d => (int)(d * 10)), bin => Assert.InRange(bin.Count(), 1_790, 2_210));
    }

    [Theory]
    [InlineData(0, 0, null, 1)]
    [InlineData(99, 50, 1.0, 1)]
    [InlineData(100, 50, 0.9, 0.1)]
    [InlineData(100, 50, 0.8999, 1)]
    [InlineData(100, 9, 1.0, 1)]
    [InlineData(100, 0, null, 1)]
    public void Adaptive_FallsBackToAll(int arrived, int reviewed, double? agreement, double rate) =>
        Assert.Equal(rate, new SamplingPolicy.Adaptive(100, 0.1, 50, 0.9, 10).RateAt(new SamplingState(arrived, reviewed, agreement)));

    [Fact]
    public void WarmUp_TakesTheFirstN()
    {
        var policy = new SamplingPolicy.WarmUp(3, 0.25);

        Assert.Equal([1, 1, 1, 0.25], Enumerable.Range(0, 4).Select(n => policy.RateAt(new SamplingState(n, 0, null))));
    }

    [Fact]
    public void Decision_HoldsWhenRecomputed_AndNotWhenAltered() => Gen.Select(Gen.Guid, Gen.Int[1, 9], Gen.Double[0, 1]).Sample((asset, round, rate) =>
    {
        var decision = SamplingDecision.Decide(Seed, asset, Step, round, 4, new SamplingPolicy.Fixed(rate), new SamplingState(5, 0, null));

        Assert.True(decision.Holds(Seed));
        Assert.Equal(decision.Draw < rate, decision.Reviewed);
        Assert.False((decision with { Reviewed = !decision.Reviewed }).Holds(Seed));
        Assert.False((decision with { Round = round + 1 }).Holds(Seed));
    });

    [Fact]
    public void RateOneTakesAll_RateZeroNone() => Gen.Guid.Sample(asset =>
    {
        Assert.True(SamplingDecision.Decide(Seed, asset, Step, 1, 1, new SamplingPolicy.Fixed(1), new SamplingState(0, 0, null)).Reviewed);
        Assert.False(SamplingDecision.Decide(Seed, asset, Step, 1, 1, new SamplingPolicy.Fixed(0), new SamplingState(0, 0, null)).Reviewed);
    });
}
