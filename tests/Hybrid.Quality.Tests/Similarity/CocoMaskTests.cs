using System.Text.Json;
using Hybrid.Quality.Similarity;
using Hybrid.Testing;

namespace Hybrid.Quality.Tests.Similarity;

/// <summary>Against masks of COCO's own annotations and the figures that pycocotools gives for them.</summary>
public sealed class CocoMaskTests
{
    [Fact]
    public void Area_IsCocos() => Assert.All(Read("coco-rle/masks.json"), mask => Assert.Equal(mask.GetProperty("area").GetInt64(), Mask(mask, mask.GetProperty("counts")).Area));

    [Fact]
    public void IoU_IsCocos() => Assert.All(Read("coco-rle/iou.json"), image =>
    {
        var masks = image.GetProperty("masks").EnumerateArray().Select(m => Mask(image, m)).ToList();
        var expected = image.GetProperty("iou");

        for (var i = 0; i < masks.Count; i++)
        {
            for (var j = 0; j < masks.Count; j++) Assert.Equal(expected[i][j].GetDouble(), RunLengthMask.IoU(masks[i], masks[j]), 12);
        }
    });

    [Fact]
    public void OtherSizes_AreNotAlike_AndBrokenCountsAreRefused()
    {
        Assert.Equal(0, RunLengthMask.IoU(RunLengthMask.Read("04", 2, 2), RunLengthMask.Read("04", 1, 4)));
        Assert.Equal(1, RunLengthMask.IoU(RunLengthMask.Read("04", 2, 2), RunLengthMask.Read("04", 2, 2)));
        Assert.Throws<FormatException>(() => RunLengthMask.Read("05", 2, 2));
    }

    private static List<JsonElement> Read(string path) => [.. JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector(path))).RootElement.EnumerateArray()];

    private static RunLengthMask Mask(JsonElement size, JsonElement counts) =>
        RunLengthMask.Read(counts.GetString()!, size.GetProperty("height").GetInt32(), size.GetProperty("width").GetInt32());
}
