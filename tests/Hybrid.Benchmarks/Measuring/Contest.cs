using System.Diagnostics;

namespace Hybrid.Benchmarks.Measuring;

/// <summary>One way of doing the same work.</summary>
/// <param name="Name">As it stands in the table.</param>
/// <param name="Run">Does the work this many times.</param>
internal sealed record Contender(string Name, Action<int> Run);

/// <summary>What a contender needed for one piece of work.</summary>
/// <param name="Name">As it stands in the table.</param>
/// <param name="Nanoseconds">Median over the rounds.</param>
/// <param name="Bytes">Allocated.</param>
internal sealed record Figure(string Name, double Nanoseconds, double Bytes);

/// <summary>
/// Measures contenders in turns (A B C A B C …), so that what else the machine does hits all of them alike, and takes medians.
/// </summary>
internal static class Contest
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(120);

    public static IReadOnlyList<Figure> Run(int rounds, params Contender[] contenders)
    {
        var counts = contenders.Select(c => Calibrate(c.Run)).ToArray();
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var bytes = new double[contenders.Length];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                contenders[i].Run(counts[i]);
                times[i].Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / counts[i]);
                bytes[i] = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / counts[i];
            }
        }

        return [.. contenders.Select((c, i) => new Figure(c.Name, Median.Of(times[i]), bytes[i]))];
    }

    // Long enough in the first place that the compiler has reached its last tier.
    private static int Calibrate(Action<int> run)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromMilliseconds(700);) run(200);
        var started = Stopwatch.GetTimestamp();
        run(500);
        return Math.Max(100, (int)(500 * (Turn / Stopwatch.GetElapsedTime(started))));
    }
}

/// <summary>The middle of a series.</summary>
internal static class Median
{
    public static double Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
