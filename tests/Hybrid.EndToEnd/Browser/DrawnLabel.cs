using System.Text.Json;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A label document as the server keeps it, compared with what somebody drew.</summary>
internal static class DrawnLabel
{
    /// <summary>How far a drawn place may lie from the meant one, in pixels of the picture.</summary>
    private const double Reach = 1;

    /// <summary>The objects by the names of their classes' ids, in the document's order.</summary>
    public static string[] Classes(this JsonElement document) => [.. document.GetProperty("objects").EnumerateArray().Select(o => o.GetProperty("tool").GetString()!)];

    /// <summary>The only object of a class.</summary>
    public static JsonElement Only(this JsonElement document, string tool) => Assert.Single(document.GetProperty("objects").EnumerateArray(), o => o.GetProperty("tool").GetString() == tool);

    /// <summary>Asserts that an object is the box between two corners.</summary>
    public static void IsBox(this JsonElement drawn, int left, int top, int right, int bottom)
    {
        var box = drawn.GetProperty("geometry");
        double Of(string name) => box.GetProperty(name).GetDouble();
        AreNear(drawn, [(left, top), (right, bottom)], [(Of("x"), Of("y")), (Of("x") + Of("w"), Of("y") + Of("h"))]);
    }

    /// <summary>Asserts that an object has these vertices, in this order.</summary>
    public static void HasPoints(this JsonElement drawn, params (int X, int Y)[] points)
    {
        var geometry = drawn.GetProperty("geometry");
        var kept = geometry.TryGetProperty("rings", out var rings) ? rings[0] : geometry.TryGetProperty("points", out var line) ? line : JsonSerializer.SerializeToElement(new[] { geometry });
        AreNear(drawn, points, [.. kept.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.Array ? (p[0].GetDouble(), p[1].GetDouble()) : (p.GetProperty("x").GetDouble(), p.GetProperty("y").GetDouble()))]);
    }

    /// <summary>The answers to a choice, of an object or of the whole document.</summary>
    public static string[] Answers(this JsonElement owner, string question) => owner.GetProperty("answers").TryGetProperty(question, out var chosen) ? [.. chosen.EnumerateArray().Select(a => a.GetString()!)] : [];

    private static void AreNear(JsonElement drawn, (int X, int Y)[] meant, (double X, double Y)[] kept) =>
        Assert.True(meant.Length == kept.Length && meant.Zip(kept).All(p => Math.Abs(p.First.X - p.Second.X) <= Reach && Math.Abs(p.First.Y - p.Second.Y) <= Reach), $"Meant {string.Join(' ', meant)}, kept {drawn}");
}
