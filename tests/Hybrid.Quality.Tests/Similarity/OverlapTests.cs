using CsCheck;
using Hybrid.Quality.Similarity;

namespace Hybrid.Quality.Tests.Similarity;

public sealed class OverlapTests
{
    private static readonly Gen<Box> Boxes = Gen.Select(Gen.Double[0, 20], Gen.Double[0, 20], Gen.Double[0.5, 15], Gen.Double[0.5, 15], (x, y, w, h) => new Box(x, y, w, h));

    // pycocotools bbIou by hand: w = min(x + w) − max(x), and the same for h; i / (a + b − i).
    [Theory]
    [InlineData(0, 0, 10, 10, 5, 5, 10, 10, 25.0 / 175)]
    [InlineData(0, 0, 10, 10, 10, 0, 10, 10, 0)]
    [InlineData(0, 0, 4, 4, 1, 1, 2, 2, 0.25)]
    [InlineData(1.5, 2.5, 3, 4, 1.5, 2.5, 3, 4, 1)]
    public void Box_IsCocos(double x, double y, double w, double h, double x2, double y2, double w2, double h2, double expected) =>
        Assert.Equal(expected, Box.IoU(new Box(x, y, w, h), new Box(x2, y2, w2, h2)), 12);

    [Fact]
    public void Box_AndPolygon_AndTurnedBox_AndCuboid_AgreeOnEveryPairOfBoxes() => Gen.Select(Boxes, Boxes).Sample((a, b) =>
    {
        var expected = Box.IoU(a, b);

        Assert.Equal(expected, AreaOverlap.IoU(Corners(a), Corners(b)), 9);
        Assert.Equal(expected, AreaOverlap.IoU(Turned(a), Turned(b)), 9);
        Assert.Equal(expected, Cuboid.IoU(Standing(a), Standing(b)), 9);
    });

    [Fact]
    public void Box_IsSymmetric_InRange_OneForItself_AndMovesAlong() => Gen.Select(Boxes, Boxes, Gen.Double[-50, 50]).Sample((a, b, by) =>
    {
        var iou = Box.IoU(a, b);

        Assert.InRange(iou, 0, 1);
        Assert.Equal(iou, Box.IoU(b, a), 12);
        Assert.Equal(1, Box.IoU(a, a));
        Assert.Equal(iou, Box.IoU(a with { X = a.X + by, Y = a.Y - by }, b with { X = b.X + by, Y = b.Y - by }), 9);
    });

    [Fact]
    public void Holes_Parts_AndSelfTouchingRings_AreExact()
    {
        var square = AreaOverlap.Polygon([[Square(0, 0, 10)]]);
        var ring = AreaOverlap.Polygon([[Square(0, 0, 10), Square(2, 2, 5)]]);
        var parts = AreaOverlap.Polygon([[Square(0, 0, 2)], [Square(5, 5, 5)]]);
        // Two squares in one outline that touches itself at (5, 5).
        var touching = AreaOverlap.Polygon([[[(0, 0), (5, 0), (5, 5), (10, 5), (10, 10), (5, 10), (5, 5), (0, 5)]]]);
        var bow = AreaOverlap.Polygon([[[(0, 0), (10, 10), (10, 0), (0, 10)]]]);

        Assert.Equal(0.75, AreaOverlap.IoU(square, ring), 12);
        Assert.Equal(0.29, AreaOverlap.IoU(square, parts), 12);
        Assert.Equal(0.5, AreaOverlap.IoU(square, touching), 12);
        Assert.Equal(1, AreaOverlap.IoU(touching, AreaOverlap.Polygon([[Square(0, 0, 5)], [Square(5, 5, 5)]])), 12);
        Assert.Equal(0.5, AreaOverlap.IoU(square, bow), 12);
    }

    [Fact]
    public void TurnedBoxes_ByHand()
    {
        // A square turned by 45° on itself is a regular octagon's overlap: side a, area 2(√2 − 1) a².
        var octagon = 2 * (Math.Sqrt(2) - 1);

        Assert.Equal(octagon / (2 - octagon), AreaOverlap.IoU(AreaOverlap.RotatedBox(5, 5, 2, 2, 0), AreaOverlap.RotatedBox(5, 5, 2, 2, 45)), 12);
        Assert.Equal(1, AreaOverlap.IoU(AreaOverlap.RotatedBox(5, 5, 2, 4, 90), AreaOverlap.RotatedBox(5, 5, 4, 2, 0)), 12);
        // Clockwise with y down: the right end of a long box goes down.
        Assert.True(AreaOverlap.RotatedBox(0, 0, 10, 1, 30).Contains(AreaOverlap.RotatedBox(4 * Math.Cos(Math.PI / 6), 2, 0.1, 0.1, 0)));
        Assert.Equal(Math.PI * 6, AreaOverlap.Ellipse(3, 4, 4, 6, 33).Area, 9);
    }

    [Fact]
    public void Polygons_AreSymmetric_InRange_OneForThemselves_AndMoveAlong() => Gen.Select(Star(0), Star(0), Gen.Int[-1000, 1000]).Sample((a, b, by) =>
    {
        var (p, q) = (AreaOverlap.Polygon([[a]]), AreaOverlap.Polygon([[b]]));
        var iou = AreaOverlap.IoU(p, q);

        Assert.InRange(iou, 0, 1);
        Assert.Equal(iou, AreaOverlap.IoU(q, p), 9);
        Assert.Equal(1, AreaOverlap.IoU(p, p));
        Assert.Equal(iou, AreaOverlap.IoU(AreaOverlap.Polygon([[Moved(a, by)]]), AreaOverlap.Polygon([[Moved(b, by)]])), 6);
    }, iter: 200);

    [Fact]
    public void Cuboids_ByHand()
    {
        var half = Math.Sqrt(0.5);
        var octagon = 2 * (Math.Sqrt(2) - 1);
        var cube = new Cuboid((0, 0, 0), (1, 1, 1), (0, 0, 0, 1));

        Assert.Equal(1, Cuboid.IoU(cube, cube));
        Assert.Equal(1.0 / 3, Cuboid.IoU(cube, cube with { Center = (0.5, 0, 0) }), 12);
        Assert.Equal(0, Cuboid.IoU(cube, cube with { Center = (1, 0, 0) }), 12);
        Assert.Equal(0.125, Cuboid.IoU(cube, cube with { Size = (0.5, 0.5, 0.5) }), 12);
        // Turned by 90° about x, and by 45° about z.
        Assert.Equal(1, Cuboid.IoU(cube, cube with { Rotation = (half, 0, 0, half) }), 9);
        Assert.Equal(octagon / (2 - octagon), Cuboid.IoU(cube, cube with { Rotation = (0, 0, Math.Sin(Math.PI / 8), Math.Cos(Math.PI / 8)) }), 9);
        Assert.Equal(1.0 / 3, Cuboid.IoU(cube with { Center = (1e6, 1e6, 0) }, cube with { Center = (1e6 + 0.5, 1e6, 0) }), 9);
    }

    [Fact]
    public void Cuboids_AreSymmetric_AndAsManyPointsSay() => Gen.Select(Turns, Turns, Gen.Double[-0.7, 0.7]).Sample((r, s, x) =>
    {
        var (a, b) = (new Cuboid((0, 0, 0), (2, 1, 1.5), r), new Cuboid((x, x / 2, -x), (1, 2, 1), s));
        var iou = Cuboid.IoU(a, b);

        Assert.Equal(iou, Cuboid.IoU(b, a), 9);
        Assert.Equal(Counted(a, b), iou, 0.02);
    }, iter: 30);

    [Fact]
    public void Intervals_ByHand()
    {
        Assert.Equal(0.5, Interval.IoU(new(0, 10), new(0, 5)), 12);
        Assert.Equal(1.0 / 3, Interval.IoU(new(0, 10), new(5, 15)), 12);
        Assert.Equal(0, Interval.IoU(new(0, 10), new(10, 15)));
        Assert.Equal(1, Interval.IoU(new(3, 3), new(3, 3)));
    }

    private static readonly Gen<(double, double, double, double)> Turns = Gen.Double[-1, 1].Array[4].Where(q => q.Sum(v => v * v) > 0.1).Select(q =>
    {
        var length = Math.Sqrt(q.Sum(v => v * v));
        return (q[0] / length, q[1] / length, q[2] / length, q[3] / length);
    });

    private static Gen<(double, double)[]> Star(double at) => Gen.Select(Gen.Double[-3, 3], Gen.Double[2, 10].Array[3, 20]).Select((shift, radii) =>
        radii.Select((r, i) => (at + shift + (r * Math.Cos(2 * Math.PI * i / radii.Length)), at + (r * Math.Sin(2 * Math.PI * i / radii.Length)))).ToArray());

    private static (double, double)[] Moved((double X, double Y)[] points, double by) => [.. points.Select(p => (p.X + by, p.Y - by))];

    private static (double, double)[] Square(double x, double y, double side) => [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];

    private static NetTopologySuite.Geometries.Geometry Corners(Box b) => AreaOverlap.Polygon([[[(b.X, b.Y), (b.X + b.W, b.Y), (b.X + b.W, b.Y + b.H), (b.X, b.Y + b.H)]]]);

    private static NetTopologySuite.Geometries.Geometry Turned(Box b) => AreaOverlap.RotatedBox(b.X + (b.W / 2), b.Y + (b.H / 2), b.H, b.W, 90);

    private static Cuboid Standing(Box b) => new((b.X + (b.W / 2), b.Y + (b.H / 2), 7), (b.W, b.H, 3), (0, 0, 0, 1));

    // Points of a low-discrepancy sequence (the R3 lattice of M. Roberts, 2018): what lies in each, counted. A grid would lie on faces that are
    // parallel to it, and count a whole layer too many.
    private static double Counted(Cuboid a, Cuboid b)
    {
        const double g = 1.2207440846057596;
        int both = 0, either = 0;
        for (var i = 1; i <= 800_000; i++)
        {
            var p = (At(i / g), At(i / (g * g)), At(i / (g * g * g)));
            var (inA, inB) = (Inside(a, p), Inside(b, p));
            if (inA && inB) both++;
            if (inA || inB) either++;
        }

        return (double)both / either;

        static double At(double x) => ((x + 0.5) % 1 * 5) - 2.5;
    }

    // By System.Numerics' own quaternions.
    private static bool Inside(Cuboid c, (double X, double Y, double Z) p)
    {
        var turn = System.Numerics.Quaternion.Conjugate(new((float)c.Rotation.X, (float)c.Rotation.Y, (float)c.Rotation.Z, (float)c.Rotation.W));
        var own = System.Numerics.Vector3.Transform(new((float)(p.X - c.Center.X), (float)(p.Y - c.Center.Y), (float)(p.Z - c.Center.Z)), turn);
        return Math.Abs(own.X) <= c.Size.L / 2 && Math.Abs(own.Y) <= c.Size.W / 2 && Math.Abs(own.Z) <= c.Size.H / 2;
    }
}
