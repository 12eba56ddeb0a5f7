using Hybrid.Architecture.Rules;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Mono.Cecil;

namespace Hybrid.Architecture;

/// <summary>Slices: one use case each, in one shape, and none reaches into another.</summary>
public sealed class SliceTests
{
    private const string Features = "Hybrid.ControlPlane.Features";
    private static readonly System.Reflection.Assembly Host = typeof(ControlPlaneApp).Assembly;
    private static readonly ModuleDefinition HostModule = ModuleDefinition.ReadModule(Host.Location);
    private static readonly ModuleDefinition OwnModule = ModuleDefinition.ReadModule(typeof(SliceTests).Assembly.Location);

    private static IReadOnlyList<Type> SlicesOfHost => [.. Slices.In(HostModule, Features).Select(s => Host.GetType(s.FullName, throwOnError: true)!)];

    [Fact]
    public void Slices_NeverReferenceSlices()
    {
        var slices = Slices.In(HostModule, Features);

        Assert.True(slices.Count >= 30, $"Only {slices.Count} slices were found: the rule would hold of nothing.");
        Assert.Empty(Slices.Entangled(slices));
    }

    [Fact]
    public void Slices_HaveTheHousesShape() => Assert.Empty(Slices.Misshapen(SlicesOfHost));

    [Fact]
    public void EveryRequest_IsNestedInASlice()
    {
        var requests = Mediation.RequestsOf(Host);

        Assert.All(requests, r => Assert.Contains(r.DeclaringType!, SlicesOfHost));
    }

    [Fact]
    public void SliceRule_FindsAUseInASignatureAndInABody() =>
        Assert.Equal(
            ["Hybrid.Architecture.Samples.UsesInBody uses Hybrid.Architecture.Samples.GoodSlice", "Hybrid.Architecture.Samples.UsesInSignature uses Hybrid.Architecture.Samples.GoodSlice"],
            Slices.Entangled(Slices.In(OwnModule, "Hybrid.Architecture.Samples")).Order(StringComparer.Ordinal));

    [Fact]
    public void ShapeRule_FindsEveryFault()
    {
        var faults = Slices.Misshapen([typeof(Samples.GoodSlice), typeof(Samples.Misshapen), typeof(Samples.Handless)]);

        Assert.Equal(
            [
                "Hybrid.Architecture.Samples.Handless has no Handler.", "Hybrid.Architecture.Samples.Misshapen+Command is no sealed immutable record.",
                "Hybrid.Architecture.Samples.Misshapen+Handler is not internal sealed.", "Hybrid.Architecture.Samples.Misshapen+Response is no sealed immutable record.",
                "Hybrid.Architecture.Samples.Misshapen+Validator is not internal sealed.",
            ],
            faults.Order(StringComparer.Ordinal));
    }
}
