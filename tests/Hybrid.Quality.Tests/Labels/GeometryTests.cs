using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Tests.Labels;

/// <summary>Each kind of geometry of label-model.md: what is valid, what is not, and by which code.</summary>
public sealed class GeometryTests
{
    [Theory]
    [InlineData("box", """{"x":0,"y":0,"w":100,"h":80}""")]
    [InlineData("box", """{"x":12.5,"y":3.25,"w":0.001,"h":0.001}""")]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":20,"h":10,"angle":359.9999999}""")]
    [InlineData("ellipse", """{"cx":50,"cy":40,"w":100,"h":80,"angle":0}""")]
    [InlineData("polygon", """{"rings":[[[0,0],[100,0],[100,80],[0,80]]]}""")]
    [InlineData("polygon", """{"rings":[[[0,0],[100,0],[100,80],[0,80]],[[10,10],[20,10],[20,20]]]}""")]
    [InlineData("polygon", """{"parts":[[[[0,0],[10,0],[10,10]]],[[[50,50],[60,50],[60,60]]]]}""")]
    [InlineData("polyline", """{"points":[[0,0],[100,80]]}""")]
    [InlineData("polyline", """{"points":[[0,0],[10,10],[0,10],[10,0]]}""")]
    [InlineData("point", """{"x":100,"y":0}""")]
    [InlineData("pose", """{"nose":[10,10,2],"tail":[20,20,1],"ear":[0,0,0]}""")]
    [InlineData("mask", """{"size":[80,100],"counts":"5ZXj7"}""")]
    [InlineData("cuboid", """{"center":[1,2,-3],"size":[4,2,1.5],"rotation":[0,0,0,1]}""")]
    [InlineData("span", """{"start":0,"end":3,"text":"a😀b"}""")]
    [InlineData("span", """{"start":4,"end":9}""")]
    [InlineData("page-box", """{"page":3,"x":0,"y":700.5,"w":10,"h":10}""")]
    [InlineData("region", """{"start":0,"end":1500.5,"channel":1}""")]
    [InlineData("region", """{"start":10,"end":20}""")]
    public void Valid(string kind, string geometry) => Assert.Empty(Given.Draw(kind, geometry.Replace("5ZXj7", Masks.Encode(5, 10, 7985), StringComparison.Ordinal)));

    [Theory]
    [InlineData("box", """{"x":0,"y":0,"w":0,"h":1}""", "zero_area")]
    [InlineData("box", """{"x":0,"y":0,"w":1,"h":-1}""", "zero_area")]
    [InlineData("box", """{"x":0,"y":0,"w":0.0004,"h":1}""", "zero_area")]
    [InlineData("box", """{"x":0,"y":0,"w":1}""", "wrong_geometry")]
    [InlineData("box", """{"x":"0","y":0,"w":1,"h":1}""", "wrong_geometry")]
    [InlineData("box", """{"x":null,"y":0,"w":1,"h":1}""", "wrong_geometry")]
    [InlineData("box", """{"x":1e300,"y":0,"w":1,"h":1}""", "wrong_geometry")]
    [InlineData("box", """{"x":0,"y":0,"w":1,"h":1,"url":"x"}""", "unknown_member")]
    [InlineData("box", "[1,2,3,4]", "wrong_geometry")]
    [InlineData("box", "null", "wrong_geometry")]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":20,"h":10,"angle":360}""", "wrong_geometry")]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":20,"h":10,"angle":-0.1}""", "wrong_geometry")]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":20,"h":10}""", "wrong_geometry")]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":0,"h":10,"angle":1}""", "zero_area")]
    [InlineData("ellipse", """{"cx":50,"cy":40,"w":10,"h":0,"angle":1}""", "zero_area")]
    [InlineData("polygon", """{"rings":[[[0,0],[10,10],[10,0],[0,10]]]}""", "self_intersection")]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[5,5],[10,10],[0,10],[5,5]]]}""", "self_intersection")]
    [InlineData("polygon", """{"rings":[[[0,0],[5,5],[10,10]]]}""", "zero_area")]
    [InlineData("polygon", """{"rings":[[[3,3],[3,3],[3,3]]]}""", "too_few_points")]
    [InlineData("polygon", """{"rings":[[[0,0],[5,5]]]}""", "too_few_points")]
    [InlineData("polygon", """{"rings":[[[0,0],[5,5],[0,0]]]}""", "too_few_points")]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[10,10]],[[50,50],[60,50],[60,60]]]}""", "hole_outside")]
    [InlineData("polygon", """{"rings":[[[0,0],[90,0],[90,70],[0,70]],[[10,10],[50,10],[50,50],[10,50]],[[20,20],[30,20],[30,30]]]}""", "nested_holes")]
    [InlineData("polygon", """{"rings":[]}""", "wrong_geometry")]
    [InlineData("polygon", """{"parts":[]}""", "wrong_geometry")]
    [InlineData("polygon", "{}", "wrong_geometry")]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[10,10]]],"parts":[]}""", "unknown_member")]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[10,"x"]]]}""", "wrong_geometry")]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[10,10,1]]]}""", "wrong_geometry")]
    [InlineData("polygon", """{"parts":[[[[0,0],[20,0],[20,20],[0,20]]],[[[10,10],[30,10],[30,30],[10,30]]]]}""", "parts_overlap")]
    [InlineData("polyline", """{"points":[[1,1]]}""", "too_few_points")]
    [InlineData("polyline", """{"points":[[1,1],[1,1]]}""", "zero_area")]
    [InlineData("polyline", """{"points":{}}""", "wrong_geometry")]
    [InlineData("point", """{"x":1}""", "wrong_geometry")]
    [InlineData("pose", """{"nose":[10,10,3]}""", "wrong_geometry")]
    [InlineData("pose", """{"nose":[10,10]}""", "wrong_geometry")]
    [InlineData("pose", """{"nose":[0,0,0]}""", "too_few_points")]
    [InlineData("pose", "{}", "too_few_points")]
    [InlineData("cuboid", """{"center":[1,2],"size":[4,2,1],"rotation":[0,0,0,1]}""", "wrong_geometry")]
    [InlineData("cuboid", """{"center":[1,2,3],"size":[4,0,1],"rotation":[0,0,0,1]}""", "zero_area")]
    [InlineData("cuboid", """{"center":[1,2,3],"size":[4,2,1],"rotation":[0,0,0,0]}""", "wrong_geometry")]
    [InlineData("cuboid", """{"center":[1,2,3],"size":[4,2,1],"rotation":[1,0,0,1]}""", "wrong_geometry")]
    [InlineData("span", """{"start":3,"end":3}""", "wrong_geometry")]
    [InlineData("span", """{"start":-1,"end":3}""", "wrong_geometry")]
    [InlineData("span", """{"start":0.5,"end":3}""", "wrong_geometry")]
    [InlineData("span", """{"start":0,"end":4,"text":"a😀b"}""", "wrong_geometry")]
    [InlineData("page-box", """{"page":0,"x":0,"y":0,"w":1,"h":1}""", "wrong_geometry")]
    [InlineData("page-box", """{"page":1.5,"x":0,"y":0,"w":1,"h":1}""", "wrong_geometry")]
    [InlineData("page-box", """{"page":1,"x":-1,"y":0,"w":1,"h":1}""", "wrong_geometry")]
    [InlineData("page-box", """{"page":1,"x":0,"y":0,"w":0,"h":1}""", "zero_area")]
    [InlineData("region", """{"start":20,"end":10}""", "wrong_geometry")]
    [InlineData("region", """{"start":0,"end":10,"channel":-1}""", "wrong_geometry")]
    [InlineData("region", """{"start":0,"end":10,"channel":0.5}""", "wrong_geometry")]
    public void Invalid(string kind, string geometry, string code) => Assert.Equal([code], Given.Draw(kind, geometry));

    [Theory]
    // What a client drew inside may, rounded, end a thousandth outside: an edge that is a sum. A corner of its own may not.
    [InlineData("box", """{"x":50,"y":40,"w":50.001,"h":40}""", true)]
    [InlineData("box", """{"x":50,"y":40,"w":50.002,"h":40}""", false)]
    [InlineData("box", """{"x":50,"y":40,"w":50,"h":40.002}""", false)]
    [InlineData("box", """{"x":-0.001,"y":40,"w":10,"h":10}""", false)]
    [InlineData("box", """{"x":0,"y":-0.001,"w":10,"h":10}""", false)]
    [InlineData("box", """{"x":-0.0004,"y":-0.0005,"w":10,"h":10}""", true)]
    [InlineData("point", """{"x":100.001,"y":0}""", false)]
    [InlineData("point", """{"x":100.0004,"y":80.0004}""", true)]
    [InlineData("point", """{"x":0,"y":80.001}""", false)]
    [InlineData("polyline", """{"points":[[0,0],[100.001,80]]}""", false)]
    [InlineData("polygon", """{"rings":[[[0,0],[100.001,0],[50,50]]]}""", false)]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":80.001,"h":20,"angle":90}""", true)]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":80.004,"h":20,"angle":90}""", false)]
    [InlineData("rotated-box", """{"cx":10,"cy":10,"w":20,"h":20,"angle":45}""", false)]
    // An ellipse reaches less far than the box around it.
    [InlineData("ellipse", """{"cx":10,"cy":10,"w":20,"h":20,"angle":45}""", true)]
    [InlineData("ellipse", """{"cx":9.99,"cy":10,"w":20,"h":20,"angle":45}""", false)]
    [InlineData("pose", """{"nose":[100.001,10,2]}""", false)]
    [InlineData("pose", """{"nose":[10,10,2],"ear":[-500,10,0]}""", true)]
    public void Inside_IsMeasuredToTheThousandth(string kind, string geometry, bool inside) =>
        Assert.Equal(inside ? [] : ["outside_asset"], Given.Draw(kind, geometry));

    [Fact]
    public void WhileThePicturesSizeIsNotKnown_NothingIsOutside() =>
        Assert.Empty(Given.Draw("box", """{"x":5000,"y":-40,"w":10,"h":10}""", default(AssetSize)));

    [Theory]
    [InlineData("box", """{"x":0.0005,"y":0.0015,"w":20.1239,"h":9.9}""", """{"x":0,"y":0.002,"w":20.124,"h":9.9}""")]
    [InlineData("box", """{"x":-0.0001,"y":2.5e1,"w":1.0,"h":1e0}""", """{"x":0,"y":25,"w":1,"h":1}""")]
    [InlineData("point", """{"x":20.0005,"y":20.0015}""", """{"x":20,"y":20.002}""")]
    [InlineData("polygon", """{"rings":[[[0,0],[10.0004,0],[10,10],[0,0]]]}""", """{"rings":[[[0,0],[10,0],[10,10]]]}""")]
    [InlineData("rotated-box", """{"cx":50.12345,"cy":40,"w":20,"h":10,"angle":12.123456789}""", """{"cx":50.123,"cy":40,"w":20,"h":10,"angle":12.1234568}""")]
    [InlineData("rotated-box", """{"cx":50,"cy":40,"w":20,"h":10,"angle":359.99999999}""", """{"cx":50,"cy":40,"w":20,"h":10,"angle":0}""")]
    public void Numbers_AreRoundedHalfToEven_ThreeDecimalsForPixels_SevenForDegrees(string kind, string geometry, string kept) =>
        Assert.Equal(kept, Given.Kept(kind, geometry));

    [Fact]
    public void Pose_KnowsOnlyTheKeypointsOfItsTool()
    {
        const string named = ",\"keypoints\":[\"nose\",\"tail\"]";
        Assert.Empty(Given.Draw("pose", """{"nose":[10,10,2]}""", more: named));
        Assert.Equal(["unknown_keypoint"], Given.Draw("pose", """{"nose":[10,10,2],"horn":[10,10,2]}""", more: named));
    }

    [Theory]
    [InlineData("""[{"frame":0,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"linear","occluded":false,"outside":false},{"frame":9,"geometry":{"x":2,"y":2,"w":5,"h":5},"mode":"hold","occluded":true,"outside":true}]""", null)]
    [InlineData("[]", "wrong_geometry")]
    [InlineData("""[{"frame":4,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"linear"},{"frame":4,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"linear"}]""", "wrong_geometry")]
    [InlineData("""[{"frame":-1,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"linear"}]""", "wrong_geometry")]
    [InlineData("""[{"frame":0.5,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"linear"}]""", "wrong_geometry")]
    [InlineData("""[{"frame":0,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"cubic"}]""", "wrong_geometry")]
    [InlineData("""[{"frame":0,"geometry":{"x":1,"y":1,"w":5,"h":5},"mode":"hold","occluded":1}]""", "wrong_geometry")]
    [InlineData("""[{"frame":0,"geometry":{"x":1,"y":1,"w":500,"h":5},"mode":"hold"}]""", "outside_asset")]
    [InlineData("""[{"frame":0,"geometry":7,"mode":"hold"}]""", "wrong_geometry")]
    public void Track_HoldsKeyframesInRisingOrder(string keyframes, string? code) =>
        Assert.Equal(code is null ? [] : [code], Given.Draw("box", $$"""{"keyframes":{{keyframes}}}""", more: ",\"track\":true"));

    [Theory]
    [InlineData("""{"type":"Point","coordinates":[13.4,52.5]}""", true)]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}""", true)]
    [InlineData("""{"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[0,0]]}]}""", true)]
    [InlineData("""{"type":"Point","coordinates":[190,52.5]}""", false)]
    [InlineData("""{"type":"Point","coordinates":[13.4,-90.1]}""", false)]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}""", false)]
    [InlineData("""{"type":"LineString","coordinates":[[0,0]]}""", false)]
    [InlineData("""{"type":"Circle","coordinates":[0,0]}""", false)]
    [InlineData("7", false)]
    public void Geographic_IsGeoJsonInDegrees(string geographic, bool good) =>
        Assert.Equal(good ? [] : ["wrong_geometry"], Given.Check(Given.Tool("point"), $"\"objects\":[{Given.Object("""{"x":1,"y":1}""", more: $",\"geographic\":{geographic}")}]").Codes());

    [Fact]
    public void Geographic_IsRoundedAtSevenDecimals()
    {
        var label = Given.Check(Given.Tool("point"), $"\"objects\":[{Given.Object("""{"x":1,"y":1}""", more: """,{"type":"Point","coordinates":[13.123456789,-0.00000001]}""".Replace(",{", ",\"geographic\":{", StringComparison.Ordinal))}]");

        Assert.Equal("[13.1234568,0]", label.Document["objects"]![0]!["geographic"]!["coordinates"]!.ToJsonString());
    }
}
