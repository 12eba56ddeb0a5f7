using System.CommandLine;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>The verbs of <c>hybrid-control-plane</c>; without one it runs the host.</summary>
internal static class VerbTable
{
    public static RootCommand Root() => new("Hybrid's control plane. Without a verb it serves; configuration by HYBRID__… variables.")
    {
        Roles.Verb(),
        Migrate.Verb(),
        Move.Verb(),
        Backup.Verb(),
        CreateOrganization.Verb(),
        RotateKeys.Verb(),
        Recompute.Verb(),
        BuildPasswordFilter.Verb(),
    };
}
