using System.Text.Json;
using System.Xml.Linq;
using Hybrid.Testing;

namespace Hybrid.Architecture.Rules;

/// <summary>The repository as its project, lock and output files describe it.</summary>
internal static class Repository
{
    public const string ControlPlane = "control-plane/Hybrid.ControlPlane/Hybrid.ControlPlane.csproj";
    public const string Agent = "storage-agent/Hybrid.StorageAgent/Hybrid.StorageAgent.csproj";

    public static string PathOf(string relative) => Path.Combine(ReferenceFiles.RepositoryRoot, relative);

    /// <summary>Direct package references of a project.</summary>
    public static IReadOnlyList<string> PackagesOf(string project) => Items(project, "PackageReference");

    /// <summary>Direct project references, as paths in the repository.</summary>
    public static IReadOnlyList<string> ProjectsOf(string project) =>
        [.. Items(project, "ProjectReference").Select(p => Path.GetRelativePath(ReferenceFiles.RepositoryRoot, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(PathOf(project))!, p))))];

    /// <summary>The project and everything that it references, to the end.</summary>
    public static IReadOnlyCollection<string> ClosureOf(string project)
    {
        var closure = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out var next))
        {
            if (closure.Add(next)) foreach (var reference in ProjectsOf(next)) open.Enqueue(reference);
        }

        return closure;
    }

    /// <summary>Every package (name and version) that the lock file of a project resolves; projects are left out.</summary>
    public static IReadOnlyDictionary<string, string> LockedBy(string project) => Locked(File.ReadAllText(Path.Combine(Path.GetDirectoryName(PathOf(project))!, "packages.lock.json")));

    /// <inheritdoc cref="LockedBy"/>
    public static IReadOnlyDictionary<string, string> Locked(string lockFile)
    {
        using var document = JsonDocument.Parse(lockFile);
        return document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project")
            .GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First().Value.GetProperty("resolved").GetString()!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Libraries (name without version) that a built host brings with it.</summary>
    public static IReadOnlyList<string> Shipped(string project, string assembly)
    {
        var folder = Path.Combine(Path.GetDirectoryName(PathOf(project))!, "bin");
        var file = Directory.EnumerateFiles(folder, $"{assembly}.deps.json", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).First();
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        // A package whose assets are left out stays as a name without a file: nothing of it is there to run.
        return
        [
            .. document.RootElement.GetProperty("targets").EnumerateObject().SelectMany(t => t.Value.EnumerateObject())
                .Where(l => l.Value.EnumerateObject().Any(p => p.Name is "runtime" or "runtimeTargets" or "native")).Select(l => l.Name.Split('/')[0]).Distinct(StringComparer.Ordinal),
        ];
    }

    private static List<string> Items(string project, string item) =>
        [.. XDocument.Load(PathOf(project)).Descendants(item).Where(e => (string?)e.Attribute("ReferenceOutputAssembly") != "false").Select(e => (string)e.Attribute("Include")!)];
}
