using CsCheck;
using Hybrid.StorageAgent.Policy;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Policy;

public sealed class CeilingsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);
    private readonly TestClock clock = new();

    [Fact]
    public void Take_UpToTheCeiling_AndAgainWhenTheWindowHasPassed()
    {
        var ceilings = Of(("m", Minute, 10));
        Assert.Null(Take(ceilings, 9));
        Assert.Equal("m", Take(ceilings, 2));
        Assert.Null(Take(ceilings, 1));
        Assert.Null(ceilings.TryTake("ben", "p", 10));

        clock.Advance(Minute - Moment);
        Assert.Equal("m", Take(ceilings, 1));

        // Taken within the first of the parts of 5 seconds; it is over when the one after the window begins.
        clock.Advance(TimeSpan.FromSeconds(5) + Moment);
        Assert.Null(Take(ceilings, 10));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(3_600)]
    [InlineData(86_400)]
    public void Take_OnEachSideOfTheEdge(int seconds)
    {
        var window = TimeSpan.FromSeconds(seconds);
        var ceilings = Of(("w", window, 3));
        clock.Advance(window / 24);
        Assert.Null(Take(ceilings, 3));
        clock.Advance(window);
        Assert.Equal("w", Take(ceilings, 1));
        clock.Advance((window / 24) + TimeSpan.FromMilliseconds(1));
        Assert.Null(Take(ceilings, 3));
    }

    [Fact]
    public void Take_AtAnyTimes_PutsNoMoreIntoAnyWindow() => Gen.Select(Gen.Int[1, 6], Gen.Double[0, 40]).Array[1, 120].Sample(steps =>
    {
        var own = new TestClock();
        var ceilings = new Ceilings(own, [new Ceiling("m", Minute, 12)], []);
        var taken = new List<(DateTimeOffset At, int Objects)>();
        foreach (var (objects, seconds) in steps)
        {
            own.Advance(TimeSpan.FromSeconds(seconds));
            if (ceilings.TryTake("ann", "p", objects) is null) taken.Add((own.GetUtcNow(), objects));
            else Assert.True(Within(own.GetUtcNow() - (Minute * 13 / 12)) + objects > 12, "Refused with room to spare.");
        }

        foreach (var (at, _) in taken) Assert.True(taken.Where(t => t.At >= at && t.At < at + Minute).Sum(t => t.Objects) <= 12);

        int Within(DateTimeOffset from) => taken.Where(t => t.At >= from).Sum(t => t.Objects);
    });

    [Fact]
    public void Take_GoesByTheFirstCeilingThatIsPassed_ShortestFirst()
    {
        var ceilings = Of(("burst", TimeSpan.FromSeconds(10), 5), ("m", Minute, 8), ("h", TimeSpan.FromHours(1), 10));
        Assert.Null(Take(ceilings, 5));
        Assert.Equal("burst", Take(ceilings, 1));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("m", Take(ceilings, 4));
        Assert.Null(Take(ceilings, 3));
        clock.Advance(Minute * 2);
        Assert.Equal("h", Take(ceilings, 3));
        Assert.Null(Take(ceilings, 2));
    }

    [Fact]
    public void Take_OfManyPeople_PassesNoCeilingOfTheirProject()
    {
        var ceilings = new Ceilings(clock, [new Ceiling("person", Minute, 4)], [new Ceiling("project", Minute, 10)]);
        foreach (var person in (string[])["ann", "ben"]) Assert.Null(ceilings.TryTake(person, "p", 4));
        Assert.Equal("project", ceilings.TryTake("cat", "p", 3));
        Assert.Null(ceilings.TryTake("cat", "q", 3));
        Assert.Null(ceilings.TryTake("dan", "p", 2));
        // What a project refused was not counted against the person.
        Assert.Null(ceilings.TryTake("cat", "q", 1));
        Assert.Equal([("person", 1.0), ("project", 1.0)], ceilings.Use());
    }

    [Fact]
    public void Take_WhenRefused_CountsNothing()
    {
        var ceilings = Of(("m", Minute, 10));
        for (var i = 0; i < 5; i++) Assert.Equal("m", Take(ceilings, 11));

        Assert.Null(Take(ceilings, 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Take_WhenTheClockJumpsAnHour_FreesNothingAndLocksNobodyOut(int hours)
    {
        var ceilings = Of(("m", Minute, 10));
        Assert.Null(Take(ceilings, 10));
        clock.Jump(TimeSpan.FromHours(hours));
        Assert.Equal("m", Take(ceilings, 1));
        clock.Advance(TimeSpan.FromSeconds(65));
        Assert.Null(Take(ceilings, 10));
    }

    [Fact]
    public void Take_WhenTooManyPeopleAreThere_RefusesStrangersAndForgetsNobody()
    {
        var ceilings = new Ceilings(clock, [new Ceiling("m", Minute, 10)], [], most: 2);
        ceilings.TryTake("ann", "p", 10);
        ceilings.TryTake("ben", "p", 1);

        Assert.Equal(Ceilings.Full, ceilings.TryTake("eve", "p", 1));
        Assert.Equal("m", ceilings.TryTake("ann", "p", 1));
        Assert.Null(ceilings.TryTake("ben", "p", 1));

        clock.Advance(TimeSpan.FromSeconds(65));
        Assert.Null(ceilings.TryTake("eve", "p", 1));
    }

    [Fact]
    public void Take_OfAHundredThousandStrangers_KeepsMemorySmall()
    {
        var ceilings = new Ceilings(clock, [new Ceiling("m", Minute, 10), new Ceiling("h", TimeSpan.FromHours(1), 10), new Ceiling("d", TimeSpan.FromDays(1), 10)], [new Ceiling("p", Minute, 10)]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 100_000; i++) ceilings.TryTake($"person-{i}", $"project-{i}", 1);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(ceilings);

        Assert.InRange(grown, 1, 60_000_000);
    }

    [Fact]
    public void Take_FromManyThreads_NeverPassesTheCeiling()
    {
        var ceilings = Of(("m", Minute, 1_000));
        var taken = 0;
        Parallel.For(0, 5_000, _ =>
        {
            if (Take(ceilings, 1) is null) Interlocked.Increment(ref taken);
        });

        Assert.Equal(1_000, taken);
    }

    private static string? Take(Ceilings ceilings, int objects) => ceilings.TryTake("ann", "p", objects);

    private Ceilings Of(params (string Name, TimeSpan Window, int Most)[] ceilings) => new(clock, [.. ceilings.Select(c => new Ceiling(c.Name, c.Window, c.Most))], []);
}
