using System.Reflection;
using System.Text.RegularExpressions;
using Hybrid.Testing;
using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults.Tests.Operators;

/// <summary>The table that operators read (infra/operators.md) and the code say the same.</summary>
public sealed partial class EventTableTests
{
    private static readonly string Table = File.ReadAllText(Path.Combine(ReferenceFiles.RepositoryRoot, "infra", "operators.md"));

    [Fact]
    public void EveryEvent_StandsInTheTable_OnceAndInItsArea()
    {
        var coded = new[] { typeof(ControlPlane.Infrastructure.Hosting.ControlPlaneOptions).Assembly, typeof(StorageAgent.AgentHost).Assembly, typeof(ServiceDefaults).Assembly }
            .SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(e => $"{e.EventId} {e.Level}").Distinct().Order(StringComparer.Ordinal).ToList();
        var written = Row().Matches(Table).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(coded, written);

        var areas = Area().Matches(Table).Select(m => (From: int.Parse(m.Groups[1].ValueSpan, null), To: int.Parse(m.Groups[2].ValueSpan, null))).ToList();
        foreach (var id in coded.Select(c => int.Parse(c.Split(' ')[0], null))) Assert.Single(areas, a => a.From <= id && id <= a.To);
    }

    [Fact]
    public void NoCodeLogsWithoutAnEvent()
    {
        var source = new[] { "control-plane", "storage-agent", "shared" }.Select(f => Path.Combine(ReferenceFiles.RepositoryRoot, f))
            .SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories)).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal));
        Assert.DoesNotContain(source, f => DirectLog().IsMatch(File.ReadAllText(f)));
    }

    [GeneratedRegex(@"^\| (\d{4}) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| (\d{4})–(\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex Area();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex DirectLog();
}
