using CsCheck;
using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Tests.Labels;

public sealed class MaskTests
{
    [Theory]
    // By hand from maskApi.c: five bits a character from '0' on, 0x20 = more follow, from the fourth run on the difference to the one before the last.
    [InlineData(new long[] { 6, 1, 3, 1, 3, 2 }, "613001")]
    [InlineData(new long[] { 0, 16 }, "0`0")]
    [InlineData(new long[] { 31, 1, 1, 0 }, "o011O")]
    public void Encoder_WritesWhatCocoWrites(long[] runs, string text) => Assert.Equal(text, Masks.Encode(runs));

    [Theory]
    [InlineData(new long[] { 5, 10, 7985 }, null)]
    [InlineData(new long[] { 0, 8000 }, null)]
    [InlineData(new long[] { 8000 }, "zero_area")]
    [InlineData(new long[] { 5, 10, 7984 }, "wrong_geometry")]
    [InlineData(new long[] { 5, 10, 7986 }, "wrong_geometry")]
    [InlineData(new long[] { 5, -1, 7996 }, "wrong_geometry")]
    [InlineData(new long[] { 4_000_000_000_000_000, 1 }, "wrong_geometry")]
    public void Runs_CoverThePictureExactly(long[] runs, string? code) =>
        Assert.Equal(code is null ? [] : [code], Given.Draw("mask", $$"""{"size":[80,100],"counts":"{{Masks.Encode(runs)}}"}"""));

    [Theory]
    [InlineData("""{"size":[80,100],"counts":"!!"}""", "wrong_geometry")]
    [InlineData("""{"size":[80,100],"counts":"ÿ"}""", "wrong_geometry")]
    [InlineData("""{"size":[80,100],"counts":"oooooooooooooooooooo"}""", "wrong_geometry")]
    [InlineData("""{"size":[80,100],"counts":""}""", "wrong_geometry")]
    [InlineData("""{"size":[80,100],"counts":[5,10]}""", "wrong_geometry")]
    [InlineData("""{"size":[80],"counts":"0"}""", "wrong_geometry")]
    [InlineData("""{"size":[80.5,100],"counts":"0"}""", "wrong_geometry")]
    [InlineData("""{"size":[0,100],"counts":"0"}""", "wrong_geometry")]
    [InlineData("""{"size":[80,2000000],"counts":"0"}""", "wrong_geometry")]
    public void Malformed_IsRefused(string geometry, string code) => Assert.Contains(code, Given.Draw("mask", geometry));

    [Fact]
    public void Size_IsThatOfThePicture() =>
        Assert.Equal(["outside_asset"], Given.Draw("mask", $$"""{"size":[80,101],"counts":"{{Masks.Encode(0, 8080)}}"}"""));

    [Fact]
    public void Extent_CoversTheSetPixels() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12]).SelectMany(s => Gen.Bool.Array[s.Item1 * s.Item2].Select(p => (Height: s.Item1, Width: s.Item2, Pixels: p))).Sample(m =>
        {
            var runs = new List<long> { 0 };
            var now = false;
            foreach (var pixel in m.Pixels)
            {
                if (pixel != now)
                {
                    runs.Add(0);
                    now = pixel;
                }

                runs[^1]++;
            }

            var label = Given.Check(Given.Tool("mask"), $"\"objects\":[{Given.Object($$"""{"size":[{{m.Height}},{{m.Width}}],"counts":"{{Masks.Encode([.. runs])}}"}""")}]", new AssetSize(m.Width, m.Height));

            var set = Enumerable.Range(0, m.Pixels.Length).Where(i => m.Pixels[i]).Select(i => (X: i / m.Height, Y: i % m.Height)).ToList();
            if (set.Count == 0) Assert.Equal(["zero_area"], label.Codes());
            else Assert.Equal(new Extent(set.Min(p => p.X), set.Min(p => p.Y), set.Max(p => p.X) + 1, set.Max(p => p.Y) + 1), Assert.Single(label.Classes).Extent);
        });
}
