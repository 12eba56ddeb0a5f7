namespace Hybrid.Quality.Matching;

/// <summary>A possible pair and how alike its two are.</summary>
/// <param name="Row">Index on the one side.</param>
/// <param name="Column">Index on the other.</param>
/// <param name="Weight">&gt; 0; pairs that are not given weigh 0.</param>
public readonly record struct Candidate(int Row, int Column, double Weight);

/// <summary>
/// The assignment of rows to columns with the greatest sum of weights (Kuhn's Hungarian method, 1955, by shortest augmenting paths after
/// Jonker and Volgenant, 1987). It walks the given pairs only, so that what is far apart costs nothing: O(n (m + n log n)) for n rows and
/// m pairs, and a search never leaves its connected component.
/// </summary>
public static class Assignment
{
    /// <summary>For each row its column, or −1. A row stays alone rather than lessen the sum.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="candidates">Each pair at most once.</param>
    public static int[] Greatest(int rows, int columns, IReadOnlyList<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        // The columns from `columns` on stand for staying alone: one for each row, at no cost.
        var edges = Edges.Of(rows, candidates);
        var columnOf = new int[rows];
        var rowOf = new int[columns + rows];
        var (u, v) = (new double[rows], new double[columns + rows]);
        Array.Fill(columnOf, -1);
        Array.Fill(rowOf, -1);
        for (var row = 0; row < rows; row++)
        {
            var best = columns + row;
            foreach (var at in edges.Of(row))
            {
                if (-edges.Weight[at] >= u[row]) continue;
                u[row] = -edges.Weight[at];
                best = edges.Column[at];
            }

            if (rowOf[best] < 0) (rowOf[best], columnOf[row]) = (row, best);
        }

        var search = new Search(edges, columns, rowOf, columnOf, u, v);
        for (var row = 0; row < rows; row++)
        {
            if (columnOf[row] < 0) search.Augment(row);
        }

        for (var row = 0; row < rows; row++)
        {
            if (columnOf[row] >= columns) columnOf[row] = -1;
        }

        return columnOf;
    }

    private sealed record Edges(int[] First, int[] Column, double[] Weight)
    {
        public static Edges Of(int rows, IReadOnlyList<Candidate> candidates)
        {
            var first = new int[rows + 1];
            foreach (var c in candidates) first[c.Row + 1]++;
            for (var i = 0; i < rows; i++) first[i + 1] += first[i];
            var next = first.ToArray();
            var (column, weight) = (new int[candidates.Count], new double[candidates.Count]);
            foreach (var c in candidates)
            {
                var at = next[c.Row]++;
                (column[at], weight[at]) = (c.Column, c.Weight);
            }

            return new Edges(first, column, weight);
        }

        public Span Of(int row) => new(First[row], First[row + 1]);
    }

    private readonly struct Span(int from, int to)
    {
        public Walk GetEnumerator() => new(from - 1, to);
    }

    private struct Walk(int at, int end)
    {
        public int Current { get; private set; } = at;

        public bool MoveNext() => ++Current < end;
    }

    private sealed class Search(Edges edges, int columns, int[] rowOf, int[] columnOf, double[] u, double[] v)
    {
        private readonly double[] distance = NewDistances(rowOf.Length);
        private readonly int[] cameFrom = new int[rowOf.Length];
        private readonly bool[] done = new bool[rowOf.Length];
        private readonly List<int> touched = [];
        private readonly List<int> scanned = [];
        private readonly PriorityQueue<int, double> open = new();

        // Dijkstra over reduced costs, from a free row to the nearest free column; then the path is turned over.
        public void Augment(int start)
        {
            Relax(start, 0);
            int end;
            while (true)
            {
                end = open.Dequeue();
                if (done[end]) continue;
                done[end] = true;
                if (rowOf[end] < 0) break;
                scanned.Add(end);
                Relax(rowOf[end], distance[end]);
            }

            var least = distance[end];
            u[start] += least;
            foreach (var column in scanned)
            {
                v[column] += distance[column] - least;
                u[rowOf[column]] += least - distance[column];
            }

            for (var column = end; ;)
            {
                var row = cameFrom[column];
                rowOf[column] = row;
                (columnOf[row], column) = (column, columnOf[row]);
                if (row == start) break;
            }

            foreach (var column in touched) (distance[column], done[column]) = (double.PositiveInfinity, false);
            touched.Clear();
            scanned.Clear();
            open.Clear();
        }

        private static double[] NewDistances(int count)
        {
            var all = new double[count];
            Array.Fill(all, double.PositiveInfinity);
            return all;
        }

        private void Relax(int row, double reached)
        {
            foreach (var at in edges.Of(row)) Reach(row, edges.Column[at], reached, -edges.Weight[at]);
            Reach(row, columns + row, reached, 0);
        }

        private void Reach(int row, int column, double reached, double cost)
        {
            if (done[column]) return;
            // Rounding may leave a reduced cost a hair below nothing.
            var far = reached + Math.Max(cost - u[row] - v[column], 0);
            if (far >= distance[column]) return;
            if (double.IsPositiveInfinity(distance[column])) touched.Add(column);
            distance[column] = far;
            cameFrom[column] = row;
            open.Enqueue(column, far);
        }
    }
}
