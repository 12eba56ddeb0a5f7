using CsCheck;
using Hybrid.Quality.Matching;

namespace Hybrid.Quality.Tests.Matching;

public sealed class AssignmentTests
{
    private static readonly Gen<double[][]> Weights = Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]).SelectMany(size =>
        Gen.OneOf(Gen.Const(0.0), Gen.Double[0.01, 1], Gen.Int[1, 3].Select(i => i / 3.0)).Array[size.Item2].Array[size.Item1]);

    [Fact]
    public void Greatest_IsWhatTryingAllFinds() => Weights.Sample(weights =>
    {
        var columnOf = Assignment.Greatest(weights.Length, weights[0].Length, Candidates(weights));

        var used = columnOf.Where(c => c >= 0).ToList();
        Assert.Equal(used.Count, used.Distinct().Count());
        Assert.All(columnOf.Select((c, r) => (c, r)).Where(p => p.c >= 0), p => Assert.True(weights[p.r][p.c] > 0));
        Assert.Equal(Best(weights, 0, 0), Sum(weights, columnOf), 9);
    }, iter: 5_000);

    [Fact]
    public void Greatest_IsNotTheGreedyOne() =>
        Assert.Equal([1, 0], Assignment.Greatest(2, 2, [new(0, 0, 0.9), new(0, 1, 0.8), new(1, 0, 0.8)]));

    [Fact]
    public void Nothing_IsMatchedWithNothing()
    {
        Assert.Empty(Assignment.Greatest(0, 3, []));
        Assert.Equal([-1, -1], Assignment.Greatest(2, 0, []));
        Assert.Equal([-1, 0], Assignment.Greatest(2, 1, [new(1, 0, 0.1)]));
    }

    [Fact]
    public void Large_EqualsTheMirroredProblem()
    {
        var random = new Random(5);
        var weights = Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 150).Select(_ => random.NextDouble() < 0.2 ? random.NextDouble() : 0).ToArray()).ToArray();
        var mirrored = Enumerable.Range(0, 150).Select(c => weights.Select(row => row[c]).ToArray()).ToArray();

        Assert.Equal(
            Sum(mirrored, Assignment.Greatest(150, 200, Candidates(mirrored))),
            Sum(weights, Assignment.Greatest(200, 150, Candidates(weights))), 9);
    }

    private static List<Candidate> Candidates(double[][] weights) =>
        [.. weights.SelectMany((row, r) => row.Select((w, c) => new Candidate(r, c, w))).Where(c => c.Weight > 0)];

    private static double Sum(double[][] weights, int[] columnOf) => columnOf.Select((c, r) => c < 0 ? 0 : weights[r][c]).Sum();

    private static double Best(double[][] weights, int row, int used)
    {
        if (row == weights.Length) return 0;
        var best = Best(weights, row + 1, used);
        for (var c = 0; c < weights[row].Length; c++)
        {
            if ((used & (1 << c)) == 0) best = Math.Max(best, weights[row][c] + Best(weights, row + 1, used | (1 << c)));
        }

        return best;
    }
}
