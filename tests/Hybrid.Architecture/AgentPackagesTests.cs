using Hybrid.Architecture.Rules;

namespace Hybrid.Architecture;

/// <summary>
/// The agent runs beside the customer's data: every package in it is known, listed in storage-agent/packages.txt and justified in
/// storage-agent/TRUST.md (security.md, T13).
/// </summary>
public sealed class AgentPackagesTests
{
    private static IReadOnlyList<string> Listed => [.. File.ReadLines(Repository.PathOf("storage-agent/packages.txt")).Where(l => l.Length > 0 && l[0] != '#')];

    [Fact]
    public void AgentsClosure_IsTheCommittedList()
    {
        var closure = Repository.ClosureOf(Repository.Agent).SelectMany(Repository.LockedBy).Select(p => $"{p.Key} {p.Value}").Distinct().Order(StringComparer.OrdinalIgnoreCase).ToList();

        Assert.True(closure.SequenceEqual(Listed), $"""
            The agent's packages changed. Look at each one, justify a new one in storage-agent/TRUST.md, then make storage-agent/packages.txt:
            {string.Join('\n', closure)}
            """);
    }

    [Fact]
    public void BuiltAgent_BringsNothingBesides()
    {
        var known = Listed.Select(l => l.Split(' ')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.DoesNotContain(
            Repository.Shipped(Repository.Agent, "hybrid-agent"),
            l => !known.Contains(l) && !l.StartsWith("Hybrid.", StringComparison.Ordinal) && l != "hybrid-agent" && !l.StartsWith("runtimepack.", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPackage_HasItsLineInTheTrustDocument()
    {
        var justified = File.ReadLines(Repository.PathOf("storage-agent/TRUST.md")).Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .Where(c => c is ["", var name, var why, ""] && name.StartsWith('`') && why.Length > 10).Select(c => c[1].Trim('`')).ToList();

        Assert.Equal(Listed.Select(l => l.Split(' ')[0]), justified.Order(StringComparer.OrdinalIgnoreCase));
    }
}
