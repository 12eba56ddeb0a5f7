using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Tests.Projects;

public sealed class ProjectTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Create_BeginsAtVersionOneWithPseudonymsOfItsOwn()
    {
        var (one, two) = (Project.Create(Guid.NewGuid(), " Boats ", null, true, Now), Project.Create(Guid.NewGuid(), "Ships", " big ", false, Now));

        Assert.Equal(("Boats", "", 1, 1, true), (one.Name, one.Description, one.OntologyVersion, one.WorkflowVersion, one.StepSeparation));
        Assert.Equal(("big", false), (two.Description, two.StepSeparation));
        Assert.Equal((32, 7), (one.PseudonymKey.Length, one.Id.Version));
        Assert.NotEqual(one.PseudonymKey, two.PseudonymKey);
    }

    [Fact]
    public void AdvanceOntology_GoesUpByOne()
    {
        var project = Project.Create(Guid.NewGuid(), "Boats", null, true, Now);

        Assert.Equal((2, 3), (project.AdvanceOntology(), project.AdvanceOntology()));
        Assert.Equal(3, project.OntologyVersion);
    }

    [Fact]
    public void WhatAProjectOwns_CarriesItsOrganizationAndItself()
    {
        var project = Project.Create(Guid.NewGuid(), "Boats", null, true, Now);
        var step = WorkflowStep.Create(project, 1, StepKind.Review, "Review");
        var version = OntologyVersion.Create(project, 2, "{}", [1], Guid.NewGuid(), Now);
        var connection = ProjectConnection.Create(project, Guid.NewGuid());

        IBelongsToProject[] owned = [step, version, connection];
        Assert.All(owned, o => Assert.Equal((project.OrganizationId, project.Id), (o.OrganizationId, o.ProjectId)));
        Assert.Equal((1, StepKind.Review, 1), (step.Position, step.Kind, step.WorkflowVersion));
    }

    [Fact]
    public void Member_ChangesRoleAndNothingElse()
    {
        var member = ProjectMember.Create(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), ProjectRole.Labeler, Now);
        member.ChangeRole(ProjectRole.Reviewer);

        Assert.Equal((ProjectRole.Reviewer, Now), (member.Role, member.CreatedAt));
    }

    [Fact]
    public void Roles_IncludeTheOnesBelow()
    {
        Assert.Equal([ProjectRole.Labeler, ProjectRole.Reviewer, ProjectRole.TeamManager, ProjectRole.ProjectAdmin], Enum.GetValues<ProjectRole>().Order());
        Assert.Equal([OrganizationRole.Member, OrganizationRole.Admin, OrganizationRole.Owner], Enum.GetValues<OrganizationRole>().Order());
    }

    [Fact]
    public void Organization_TrimsItsName() => Assert.Equal("Harbour", Organization.Create(" Harbour ", Now).Name);
}
