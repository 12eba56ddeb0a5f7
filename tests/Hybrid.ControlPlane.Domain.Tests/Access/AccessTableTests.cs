using System.Reflection;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Tests.Access;

/// <summary>The two tables of workflow-and-quality.md § Roles, written out: act × role.</summary>
public sealed class AccessTableTests
{
    private static readonly (string Act, bool Labeler, bool Reviewer, bool TeamManager, bool ProjectAdmin)[] InProject =
    [
        // claim and label
        (Acts.ProjectView, true, true, true, true),
        (Acts.TaskWork, true, true, true, true),
        // issues and questions (whose one sees: ThreadSight)
        (Acts.ThreadTakePart, true, true, true, true),
        // review steps
        (Acts.TaskReview, false, true, true, true),
        // assign, priority, reopen
        (Acts.QueueManage, false, false, true, true),
        // explore all assets and labels ("own work" of a reviewer is not an act of its own: see ViewLabel)
        (Acts.AssetsExplore, false, false, true, true),
        // invite members up to their own role (how far: MemberRules)
        (Acts.MembersView, false, false, true, true),
        (Acts.MembersManage, false, false, true, true),
        // ontology, workflow, guidelines, quality settings, storage, export, delete
        (Acts.OntologyManage, false, false, false, true),
        (Acts.WorkflowManage, false, false, false, true),
        (Acts.GuidelineManage, false, false, false, true),
        (Acts.QualityManage, false, false, false, true),
        (Acts.StorageManage, false, false, false, true),
        (Acts.ProjectManage, false, false, false, true),
    ];

    private static readonly (string Act, bool Member, bool Admin, bool Owner)[] InOrganization =
    [
        (Acts.OrganizationUse, true, true, true),
        (Acts.ProjectCreate, false, true, true),
        (Acts.PeopleManage, false, true, true),
        (Acts.AgentManage, false, true, true),
        // people, teams, invitations, sessions; see that a project exists and its members, make oneself project admin
        (Acts.PeopleErase, false, true, true),
        (Acts.TeamsManage, false, true, true),
        (Acts.AccessReview, false, true, true),
        (Acts.ProjectsOversee, false, true, true),
        // a directory speaks by an admin's key, which only owners issue
        (Acts.DirectoryProvision, false, true, true),
        (Acts.KeysManage, false, true, true),
        (Acts.SecurityManage, false, true, true),
        // The design gives SSO to admins; whoever rules over the provider can be anybody it signs in, so it is the owners' (ADR 14).
        (Acts.SingleSignOnManage, false, false, true),
    ];

    [Fact]
    public void ProjectTable_IsTheOneOfTheDesign()
    {
        foreach (var (act, labeler, reviewer, manager, admin) in InProject)
        {
            Assert.Equal((act, labeler), (act, AccessTable.Allows(ProjectRole.Labeler, act)));
            Assert.Equal((act, reviewer), (act, AccessTable.Allows(ProjectRole.Reviewer, act)));
            Assert.Equal((act, manager), (act, AccessTable.Allows(ProjectRole.TeamManager, act)));
            Assert.Equal((act, admin), (act, AccessTable.Allows(ProjectRole.ProjectAdmin, act)));
        }
    }

    [Fact]
    public void OrganizationTable_IsTheOneOfTheDesign()
    {
        foreach (var (act, member, admin, owner) in InOrganization)
        {
            Assert.Equal((act, member), (act, AccessTable.Allows(OrganizationRole.Member, act)));
            Assert.Equal((act, admin), (act, AccessTable.Allows(OrganizationRole.Admin, act)));
            Assert.Equal((act, owner), (act, AccessTable.Allows(OrganizationRole.Owner, act)));
        }
    }

    [Fact]
    public void EveryAct_StandsInExactlyOneTable_AndInThisTest()
    {
        var named = typeof(Acts).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(named, AccessTable.ProjectActs.Concat(AccessTable.OrganizationActs).Order(StringComparer.Ordinal));
        Assert.Equal(named, InProject.Select(a => a.Act).Concat(InOrganization.Select(a => a.Act)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("task.Work")]
    [InlineData("asset.download")]
    public void UnknownAct_IsAllowedToNobody(string act)
    {
        Assert.False(AccessTable.Allows(ProjectRole.ProjectAdmin, act));
        Assert.False(AccessTable.Allows(OrganizationRole.Owner, act));
    }

    [Fact]
    public void OrganizationRole_GivesNoActOfAProject()
    {
        Assert.All(AccessTable.ProjectActs, act => Assert.False(AccessTable.Allows(OrganizationRole.Owner, act)));
        Assert.All(AccessTable.OrganizationActs, act => Assert.False(AccessTable.Allows(ProjectRole.ProjectAdmin, act)));
    }

    [Fact]
    public void ActsOf_IsWhatAllowsSays_InOrder()
    {
        foreach (var role in Enum.GetValues<ProjectRole>())
            Assert.Equal(AccessTable.ProjectActs.Where(a => AccessTable.Allows(role, a)).Order(StringComparer.Ordinal), AccessTable.ActsOf(role));
    }
}
