using System.Numerics;

namespace Hybrid.Quality.Similarity;

/// <summary>An oriented box in space, in metres.</summary>
/// <param name="Center">x, y, z.</param>
/// <param name="Size">Length, width, height along its own axes, &gt; 0.</param>
/// <param name="Rotation">Unit quaternion x, y, z, w.</param>
public sealed record Cuboid((double X, double Y, double Z) Center, (double L, double W, double H) Size, (double X, double Y, double Z, double W) Rotation)
{
    // Of the greater box's size: far above rounding, far below anything drawn.
    private const double Give = 1e-10;

    /// <summary>Length by width by height.</summary>
    public double Volume => Size.L * Size.W * Size.H;

    /// <summary>Radius of the sphere around it.</summary>
    public double Radius => Math.Sqrt((Size.L * Size.L) + (Size.W * Size.W) + (Size.H * Size.H)) / 2;

    /// <summary>
    /// Intersection over union in [0, 1] of the volumes, exact: the one is clipped by the six planes of the other (Sutherland–Hodgman, 1974,
    /// face by face), and the rest is measured as pyramids from a point inside.
    /// </summary>
    public static double IoU(Cuboid a, Cuboid b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a == b) return 1;
        var between = new V(b.Center.X - a.Center.X, b.Center.Y - a.Center.Y, b.Center.Z - a.Center.Z);
        if (between.Length >= a.Radius + b.Radius) return 0;

        // Around a's centre, so that places far from the origin lose nothing.
        var give = Give * Math.Max(a.Radius, b.Radius);
        var body = a.Faces();
        var axes = b.Axes();
        ReadOnlySpan<double> halves = [b.Size.L / 2, b.Size.W / 2, b.Size.H / 2];
        for (var i = 0; i < 3 && body.Count > 0; i++)
        {
            body = Clip(body, axes[i], between.Dot(axes[i]) + halves[i], give);
            body = Clip(body, axes[i] * -1, -between.Dot(axes[i]) + halves[i], give);
        }

        return Ratio.Of(Measure(body), a.Volume, b.Volume);
    }

    // What of a convex body lies where n · p ≤ limit.
    private static List<List<V>> Clip(List<List<V>> body, V normal, double limit, double give)
    {
        if (!body.Exists(f => f.Exists(p => p.Dot(normal) - limit > give))) return body;
        var rest = new List<List<V>>();
        var rim = new List<V>();
        foreach (var face in body)
        {
            var kept = new List<V>();
            for (var i = 0; i < face.Count; i++)
            {
                var (from, to) = (face[i], face[(i + 1) % face.Count]);
                var (before, after) = (from.Dot(normal) - limit, to.Dot(normal) - limit);
                if (before <= give) kept.Add(from);
                if (Math.Abs(before) <= give) rim.Add(from);
                if ((before > give && after < -give) || (before < -give && after > give))
                {
                    var cut = from + ((to - from) * (before / (before - after)));
                    kept.Add(cut);
                    rim.Add(cut);
                }
            }

            if (kept.Count >= 3) rest.Add(kept);
        }

        if (rest.Count > 0 && rim.Count >= 3) rest.Add(Ordered(rim, normal));
        return rest;
    }

    // The corners of the cut, around its middle.
    private static List<V> Ordered(List<V> rim, V normal)
    {
        var middle = Middle(rim);
        var u = (Math.Abs(normal.X) < 0.7 ? new V(1, 0, 0) : new V(0, 1, 0)).Cross(normal);
        var v = normal.Cross(u);
        return [.. rim.OrderBy(p => Math.Atan2((p - middle).Dot(v) / v.Length, (p - middle).Dot(u) / u.Length))];
    }

    private static double Measure(List<List<V>> body)
    {
        if (body.Count < 4) return 0;
        var inside = Middle([.. body.SelectMany(f => f)]);
        var six = 0.0;
        foreach (var face in body)
        {
            var first = face[0] - inside;
            var sum = 0.0;
            for (var i = 1; i + 1 < face.Count; i++) sum += first.Dot((face[i] - inside).Cross(face[i + 1] - inside));
            six += Math.Abs(sum);
        }

        return six / 6;
    }

    private static V Middle(List<V> points) => points.Aggregate(new V(0, 0, 0), (sum, p) => sum + p) * (1.0 / points.Count);

    private V[] Axes()
    {
        var (x, y, z, w) = Rotation;
        var length = Math.Sqrt((x * x) + (y * y) + (z * z) + (w * w));
        (x, y, z, w) = (x / length, y / length, z / length, w / length);
        return
        [
            new(1 - (2 * ((y * y) + (z * z))), 2 * ((x * y) + (z * w)), 2 * ((x * z) - (y * w))),
            new(2 * ((x * y) - (z * w)), 1 - (2 * ((x * x) + (z * z))), 2 * ((y * z) + (x * w))),
            new(2 * ((x * z) + (y * w)), 2 * ((y * z) - (x * w)), 1 - (2 * ((x * x) + (y * y)))),
        ];
    }

    private List<List<V>> Faces()
    {
        var axes = Axes();
        var (l, w, h) = (axes[0] * (Size.L / 2), axes[1] * (Size.W / 2), axes[2] * (Size.H / 2));
        return [Face(l, w, h), Face(l * -1, w, h), Face(w, h, l), Face(w * -1, h, l), Face(h, l, w), Face(h * -1, l, w)];

        static List<V> Face(V to, V one, V other) => [to + one + other, to + one - other, to - one - other, to - one + other];
    }

    private readonly record struct V(double X, double Y, double Z)
        : IAdditionOperators<V, V, V>, ISubtractionOperators<V, V, V>, IMultiplyOperators<V, double, V>
    {
        public double Length => Math.Sqrt(Dot(this));

        public static V operator +(V left, V right) => new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

        public static V operator -(V left, V right) => new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

        public static V operator *(V left, double right) => new(left.X * right, left.Y * right, left.Z * right);

        public double Dot(V other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

        public V Cross(V other) => new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));
    }
}
