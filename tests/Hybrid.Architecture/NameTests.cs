using System.Reflection;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Hybrid.StorageAgent;

namespace Hybrid.Architecture;

/// <summary>Names that say nothing are banned: style.md § Names.</summary>
public sealed class NameTests
{
    private static readonly string[] Banned = ["Manager", "Helper", "Helpers", "Utils", "Util", "Utility", "Common"];

    // The product's own words: a role, not a class of things that "manage".
    private static readonly string[] Allowed = ["TeamManager"];

    private static readonly Assembly[] Product =
    [
        typeof(ControlPlaneApp).Assembly, typeof(ControlPlaneDb).Assembly, typeof(ControlPlane.Domain.Access.Acts).Assembly, typeof(AgentHost).Assembly,
        typeof(Contracts.Link.LinkMethods).Assembly, typeof(Security.CanonicalJson).Assembly, typeof(Quality.Labels.Ontology).Assembly,
    ];

    [Fact]
    public void NoTypeAndNoNamespace_HasABannedName()
    {
        Assert.All(Product, assembly => Assert.True(assembly.GetTypes().Length > 5));
        Assert.DoesNotContain(Product.SelectMany(a => a.GetTypes()), IsBanned);
    }

    [Fact]
    public void NoFolderOfTheProduct_HasABannedName()
    {
        var folders = new[] { "control-plane", "storage-agent", "shared", "infra", "tests" }.SelectMany(f => Directory.EnumerateDirectories(Rules.Repository.PathOf(f), "*", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj", StringComparison.Ordinal) && !f.Contains("/bin", StringComparison.Ordinal) && !f.Contains("/node_modules", StringComparison.Ordinal) && !f.Contains("/dist", StringComparison.Ordinal));

        Assert.DoesNotContain(folders, f => Banned.Contains(Path.GetFileName(f), StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Rule_FindsABannedName()
    {
        Assert.True(IsBanned(typeof(Samples.StringHelper)));
        Assert.False(IsBanned(typeof(Samples.GoodSlice)));
    }

    private static bool IsBanned(Type type) =>
        !Allowed.Contains(type.Name) && type.FullName!.Split('.', '+').SelectMany(Words).Any(w => Banned.Contains(w, StringComparer.Ordinal)) && !IsGenerated(type);

    private static IEnumerable<string> Words(string name) => System.Text.RegularExpressions.Regex.Split(name, "(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]");

    private static bool IsGenerated(Type type) => type.FullName!.Contains('<', StringComparison.Ordinal) || type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute));
}
