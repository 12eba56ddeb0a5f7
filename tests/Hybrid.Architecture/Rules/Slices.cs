using Mono.Cecil;

namespace Hybrid.Architecture.Rules;

/// <summary>
/// A slice is a static class that nests the <c>Command</c> or <c>Query</c> of one use case. What several use cases share stands beside them, in a
/// type of its own; a slice that reaches into another slice ties two use cases together.
/// </summary>
internal static class Slices
{
    /// <summary>The slices of an assembly within a namespace.</summary>
    public static IReadOnlyList<TypeDefinition> In(ModuleDefinition module, string within) =>
        [.. module.Types.Where(t => t is { IsAbstract: true, IsSealed: true } && t.Namespace.StartsWith(within, StringComparison.Ordinal) && t.NestedTypes.Any(n => n.Name is "Command" or "Query"))];

    /// <summary>Each use of a slice's types by another slice: "A uses B".</summary>
    public static IReadOnlyList<string> Entangled(IReadOnlyList<TypeDefinition> slices)
    {
        var names = slices.Select(s => s.FullName).ToHashSet(StringComparer.Ordinal);
        return [.. slices.SelectMany(s => TypeUse.Of(s).Where(used => used != s.FullName && names.Contains(used)).Select(used => $"{s.FullName} uses {used}"))];
    }

    /// <summary>Nested types of slices that break the house's shape.</summary>
    public static IReadOnlyList<string> Misshapen(IReadOnlyList<Type> slices)
    {
        var faults = new List<string>();
        foreach (var slice in slices)
        {
            foreach (var nested in slice.GetNestedTypes(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
            {
                if (nested.Name is "Handler" or "Validator" && (nested.IsNestedPublic || !nested.IsSealed)) faults.Add($"{nested} is not internal sealed.");
                if (nested.Name is "Command" or "Query" or "Response" or "Body" && !IsImmutableRecord(nested)) faults.Add($"{nested} is no sealed immutable record.");
            }

            if (slice.GetNestedType("Handler", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public) is null) faults.Add($"{slice} has no Handler.");
        }

        return faults;
    }

    // The compiler gives each record class a protected EqualityContract; init-only setters carry IsExternalInit.
    private static bool IsImmutableRecord(Type type) =>
        type.IsSealed && type.GetMethod("<Clone>$") is not null
        && type.GetProperties().All(p => p.SetMethod is null || p.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
        && type.GetFields().All(f => f.IsInitOnly || f.IsLiteral);
}
