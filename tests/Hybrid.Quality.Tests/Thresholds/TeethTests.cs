using Hybrid.Quality.Thresholds;

namespace Hybrid.Quality.Tests.Thresholds;

public sealed class TeethTests
{
    [Fact]
    public void Labeler_IsPaused_WhenTheUpperEndLiesUnderTheThreshold()
    {
        var bad = Teeth.PauseLabeler([.. Enumerable.Repeat(0.5, 19), 0.6], 0.8, 20, 10, 1);

        Assert.Equal((true, "below_threshold", 20), (bad.Act, bad.Reason, bad.Figures.N));
        Assert.True(bad.Figures.Upper < 0.8);
        // The mean lies under the threshold, the interval does not.
        var unsure = Teeth.PauseLabeler([.. Enumerable.Range(0, 20).Select(i => i % 4 == 0 ? 0.0 : 1.0)], 0.8, 20, 10, 1);
        Assert.Equal((false, "holds"), (unsure.Act, unsure.Reason));
    }

    [Fact]
    public void Labeler_IsNotPaused_OnTooFew_NorForWhatIsPast()
    {
        var few = Teeth.PauseLabeler([0, 0, 0], 0.8, 20, 10, 1);
        Assert.Equal((false, "n_too_small", 3), (few.Act, few.Reason, few.Figures.N));
        Assert.Null(few.Figures.Value);

        Assert.False(Teeth.PauseLabeler([.. Enumerable.Repeat(0.0, 50), .. Enumerable.Repeat(1.0, 20)], 0.8, 20, 10, 1).Act);
    }

    [Theory]
    [InlineData(0.69, 2, true, "below_threshold")]
    [InlineData(0.7, 2, false, "holds")]
    [InlineData(0.1, 1, false, "n_too_small")]
    [InlineData(null, 3, false, "n_too_small")]
    public void Asset_GoesToReview_UnderTheThreshold(double? consensus, int labelers, bool act, string reason)
    {
        var decision = Teeth.ReviewAsset(consensus, labelers, 0.7);

        Assert.Equal((act, reason), (decision.Act, decision.Reason));
    }

    [Fact]
    public void Done_IsBlocked_ByWhatTheProjectNames()
    {
        var under = Teeth.ReviewAsset(0.1, 2, 0.7);

        Assert.True(Teeth.BlockDone(1, true, null).Blocked);
        Assert.False(Teeth.BlockDone(1, false, null).Blocked);
        Assert.False(Teeth.BlockDone(0, true, Teeth.ReviewAsset(0.9, 2, 0.7)).Blocked);
        Assert.True(Teeth.BlockDone(0, false, under).Blocked);
        Assert.Same(under, Teeth.BlockDone(0, false, under).Consensus);
    }
}
