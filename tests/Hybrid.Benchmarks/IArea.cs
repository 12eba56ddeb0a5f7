namespace Hybrid.Benchmarks;

/// <summary>One thing that is measured, with its floor in the same run.</summary>
internal interface IArea
{
    /// <summary>As <c>infra/bench.sh</c> names it.</summary>
    string Name { get; }

    /// <summary>What it compares, in one line.</summary>
    string Summary { get; }

    /// <summary>Measures, and prints Markdown.</summary>
    Task RunAsync(CancellationToken ct);
}
