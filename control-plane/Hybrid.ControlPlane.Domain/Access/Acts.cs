using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Access;

/// <summary>What a route does, as the one table below maps to roles. Slices name acts, never roles.</summary>
public static class Acts
{
#pragma warning disable CS1591 // Each name says what its code says.
    // In the organization.
    public const string OrganizationUse = "organization.use";
    public const string PeopleManage = "people.manage";
    public const string PeopleErase = "people.erase";
    public const string TeamsManage = "teams.manage";
    public const string AccessReview = "access.review";
    public const string ProjectsOversee = "projects.oversee";
    public const string ProjectCreate = "project.create";
    public const string AgentManage = "agent.manage";
    public const string KeysManage = "keys.manage";
    public const string SecurityManage = "organization.security";
    public const string SingleSignOnManage = "sso.manage";
    public const string DirectoryProvision = "directory.provision";

    // In a project.
    public const string ProjectView = "project.view";
    public const string MembersView = "members.view";
    public const string MembersManage = "members.manage";
    public const string TaskWork = "task.work";
    public const string TaskReview = "task.review";
    public const string QueueManage = "queue.manage";
    public const string AssetsExplore = "assets.explore";
    public const string OntologyManage = "ontology.manage";
    public const string WorkflowManage = "workflow.manage";
    public const string StorageManage = "storage.manage";
    public const string ProjectManage = "project.manage";
    public const string QualityManage = "quality.manage";
    public const string GuidelineManage = "guideline.manage";
    public const string ThreadTakePart = "thread.take_part";
#pragma warning restore CS1591
}

/// <summary>The two tables of workflow-and-quality.md § Roles, in one place.</summary>
public static class AccessTable
{
    private static readonly Dictionary<string, ProjectRole> InProject = new(StringComparer.Ordinal)
    {
        [Acts.ProjectView] = ProjectRole.Labeler,
        [Acts.TaskWork] = ProjectRole.Labeler,
        [Acts.TaskReview] = ProjectRole.Reviewer,
        [Acts.MembersView] = ProjectRole.TeamManager,
        [Acts.MembersManage] = ProjectRole.TeamManager,
        [Acts.QueueManage] = ProjectRole.TeamManager,
        [Acts.AssetsExplore] = ProjectRole.TeamManager,
        [Acts.OntologyManage] = ProjectRole.ProjectAdmin,
        [Acts.WorkflowManage] = ProjectRole.ProjectAdmin,
        [Acts.StorageManage] = ProjectRole.ProjectAdmin,
        [Acts.ProjectManage] = ProjectRole.ProjectAdmin,
        [Acts.QualityManage] = ProjectRole.ProjectAdmin,
        [Acts.GuidelineManage] = ProjectRole.ProjectAdmin,
        // Whose threads one sees is narrower than this: see ThreadSight.
        [Acts.ThreadTakePart] = ProjectRole.Labeler,
    };

    private static readonly Dictionary<string, OrganizationRole> InOrganization = new(StringComparer.Ordinal)
    {
        [Acts.OrganizationUse] = OrganizationRole.Member,
        [Acts.PeopleManage] = OrganizationRole.Admin,
        [Acts.PeopleErase] = OrganizationRole.Admin,
        [Acts.TeamsManage] = OrganizationRole.Admin,
        [Acts.AccessReview] = OrganizationRole.Admin,
        [Acts.ProjectsOversee] = OrganizationRole.Admin,
        [Acts.ProjectCreate] = OrganizationRole.Admin,
        [Acts.AgentManage] = OrganizationRole.Admin,
        [Acts.KeysManage] = OrganizationRole.Admin,
        [Acts.SecurityManage] = OrganizationRole.Admin,
        // Whoever rules over the identity provider can be anybody whom it signs in, owners too.
        [Acts.SingleSignOnManage] = OrganizationRole.Owner,
        // By an API key alone, and one that an owner issued.
        [Acts.DirectoryProvision] = OrganizationRole.Admin,
    };

    // What may still change in an archived project: who sees it, and whether it stays archived. Looking at assets changes the log alone.
    private static readonly HashSet<string> InArchived = new(StringComparer.Ordinal) { Acts.ProjectManage, Acts.MembersManage, Acts.AssetsExplore };

    /// <summary>Whether the act may change something in an archived project.</summary>
    public static bool ReachesArchived(string act) => InArchived.Contains(act);

    /// <summary>Every act that needs a project role.</summary>
    public static IReadOnlyCollection<string> ProjectActs => InProject.Keys;

    /// <summary>Every act that needs an organization role.</summary>
    public static IReadOnlyCollection<string> OrganizationActs => InOrganization.Keys;

    /// <summary>Whether the project role allows the act; an unknown act is allowed to nobody.</summary>
    public static bool Allows(ProjectRole role, string act) => InProject.TryGetValue(act, out var least) && role >= least;

    /// <summary>Whether the organization role allows the act; an unknown act is allowed to nobody.</summary>
    public static bool Allows(OrganizationRole role, string act) => InOrganization.TryGetValue(act, out var least) && role >= least;

    /// <summary>The acts that a project role allows, for the workspace to show only what works.</summary>
    public static IReadOnlyList<string> ActsOf(ProjectRole role) =>
        [.. InProject.Where(a => role >= a.Value).Select(a => a.Key).Order(StringComparer.Ordinal)];
}
