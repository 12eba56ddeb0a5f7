using Xunit;

namespace Hybrid.Testing;

/// <summary>Finds the published vectors and sample files; a test that needs an absent one is skipped with the reason.</summary>
public static class ReferenceFiles
{
    /// <summary>Full path of a vector file or folder; skips the test when it is absent.</summary>
    public static string Vector(string path) => Find("HYBRID_VECTORS", "vectors", path);

    /// <summary>Full path of a sample file or folder; skips the test when it is absent.</summary>
    public static string Sample(string path) => Find("HYBRID_SAMPLES", "samples", path);

    /// <summary>The repository's root: the folder of Hybrid.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string Find(string variable, string folder, string path)
    {
        var root = Environment.GetEnvironmentVariable(variable) ?? Path.Combine(RepositoryRoot, "..", "shared", folder);
        var found = Path.GetFullPath(Path.Combine(root, path));
        if (!Path.Exists(found)) Assert.Skip($"{path} is absent: set {variable} to the folder of the {folder}.");
        return found;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hybrid.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("Tests run from within the repository: Hybrid.sln was not found above them.");
    }
}
