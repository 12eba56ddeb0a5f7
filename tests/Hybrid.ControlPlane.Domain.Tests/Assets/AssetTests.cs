using Hybrid.ControlPlane.Domain.Assets;

namespace Hybrid.ControlPlane.Domain.Tests.Assets;

public sealed class AssetTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Describe_ClearsWhatCouldNotBeRead()
    {
        var asset = Asset.Create(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "a.jpg", null, "e", 5, "image/jpeg", Now);
        asset.CannotDescribe("not_a_picture");
        Assert.Equal(("not_a_picture", null), (asset.DescribeError, asset.Width));

        asset.Describe(640, 480, 6);

        Assert.Equal((640, 480, 6, null), (asset.Width, asset.Height, asset.Orientation, asset.DescribeError));
    }

    [Fact]
    public void Asset_HoldsAReferenceAndNoPlaceForBytes() =>
        Assert.DoesNotContain(typeof(Asset).GetProperties(), p => p.PropertyType == typeof(byte[]) || typeof(Stream).IsAssignableFrom(p.PropertyType) || p.PropertyType == typeof(Uri));

    [Fact]
    public void Import_CountsPageByPageAndEndsOnce()
    {
        var job = Job();
        Assert.True(job.IsActive);
        job.Advance("second", 10, 7, 1, 1, 1);
        job.Advance(null, 5, 5, 0, 0, 0);
        Assert.Equal((ImportState.Listing, null, 15L, 12L, 1L, 1L, 1L), (job.State, job.Cursor, job.Listed, job.Added, job.Unchanged, job.Changed, job.Refused));

        job.Finish(2, Now);

        Assert.Equal((ImportState.Done, 2L, Now, false), (job.State, job.Vanished, job.FinishedAt, job.IsActive));
        Assert.False(job.Cancel(Now.AddHours(1)));
        Assert.Equal((ImportState.Done, Now), (job.State, job.FinishedAt));
    }

    [Fact]
    public void Import_WhenPaused_TakesThePageUnderWay_AndGoesOnOnlyWhenResumed()
    {
        var job = Job();
        Assert.False(job.Resume());
        Assert.True(job.Pause());
        Assert.False(job.Pause());
        Assert.True(job.Resume());
        Assert.Equal(ImportState.Queued, job.State);

        job.Advance("second", 10, 7, 1, 1, 1);
        Assert.True(job.Pause());
        job.Advance("third", 10, 7, 1, 1, 1);

        Assert.Equal((ImportState.Paused, "third", 20L, true), (job.State, job.Cursor, job.Listed, job.IsActive));
        Assert.True(job.Resume());
        Assert.Equal(ImportState.Listing, job.State);
        Assert.True(job.Pause());
        Assert.True(job.Cancel(Now));
        Assert.False(job.Resume());
    }

    [Fact]
    public void Import_WhenCancelled_KeepsWhatItCounted()
    {
        var job = Job();
        job.Advance("second", 10, 7, 1, 1, 1);

        Assert.True(job.Cancel(Now));
        Assert.False(job.Cancel(Now.AddHours(1)));
        Assert.Equal((ImportState.Cancelled, 7L, Now), (job.State, job.Added, job.FinishedAt));
    }

    [Fact]
    public void Import_WhenFailed_SaysWhy()
    {
        var job = Job();
        job.Fail("agent.unreachable", "Start it.", Now);

        Assert.Equal((ImportState.Failed, "agent.unreachable", "Start it.", Now, false), (job.State, job.ErrorCode, job.ErrorDetail, job.FinishedAt, job.IsActive));
        Assert.False(job.Cancel(Now));
    }

    private static ImportJob Job() => ImportJob.Create(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "", "[]", "[]", Guid.NewGuid(), Now);
}
