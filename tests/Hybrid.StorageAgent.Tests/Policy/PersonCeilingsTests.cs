using Hybrid.StorageAgent.Policy;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Policy;

public sealed class PersonCeilingsTests
{
    private readonly TestClock clock = new();

    [Fact]
    public void Take_UpToTheMinutesCeiling_AndAgainInTheNext()
    {
        var ceilings = new PersonCeilings(clock, perMinute: 10, perHour: 100);
        Assert.True(ceilings.TryTake("ann", 9));
        Assert.False(ceilings.TryTake("ann", 2));
        Assert.True(ceilings.TryTake("ann", 1));
        Assert.True(ceilings.TryTake("ben", 10));

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(ceilings.TryTake("ann", 10));
    }

    [Fact]
    public void Take_UpToTheHoursCeiling_AndAgainInTheNext()
    {
        var ceilings = new PersonCeilings(clock, perMinute: 10, perHour: 25);
        foreach (var urls in (int[])[10, 10, 5])
        {
            Assert.True(ceilings.TryTake("ann", urls));
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.False(ceilings.TryTake("ann", 1));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.True(ceilings.TryTake("ann", 10));
    }

    [Fact]
    public void Take_WhenRefused_CountsNothing()
    {
        var ceilings = new PersonCeilings(clock, perMinute: 10, perHour: 10);
        for (var i = 0; i < 5; i++) Assert.False(ceilings.TryTake("ann", 11));

        Assert.True(ceilings.TryTake("ann", 10));
    }

    [Fact]
    public void Take_WhenTooManyPeopleAreThere_RefusesStrangersAndForgetsNobody()
    {
        var ceilings = new PersonCeilings(clock, perMinute: 10, perHour: 10, maxPeople: 2);
        ceilings.TryTake("ann", 10);
        ceilings.TryTake("ben", 1);

        Assert.False(ceilings.TryTake("eve", 1));
        Assert.False(ceilings.TryTake("ann", 1));
        Assert.True(ceilings.TryTake("ben", 1));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.True(ceilings.TryTake("eve", 1));
    }

    [Fact]
    public void Take_FromManyThreads_NeverPassesTheCeiling()
    {
        var ceilings = new PersonCeilings(clock, perMinute: 1_000, perHour: 1_000);
        var taken = 0;
        Parallel.For(0, 5_000, _ =>
        {
            if (ceilings.TryTake("ann", 1)) Interlocked.Increment(ref taken);
        });

        Assert.Equal(1_000, taken);
    }
}
