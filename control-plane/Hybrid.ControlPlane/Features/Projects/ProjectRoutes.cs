namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Projects, their members and their ontology.</summary>
internal static class ProjectRoutes
{
    public static void MapProjects(this IEndpointRouteBuilder app)
    {
        var projects = app.MapGroup("/api/projects").WithTags("Projects");
        ListProjects.Map(projects);
        CreateProject.Map(projects);
        ViewProject.Map(projects);
        ListMembers.Map(projects);
        ListCandidates.Map(projects);
        AddMember.Map(projects);
        ChangeMemberRole.Map(projects);
        RemoveMember.Map(projects);
        ChangeAnonymization.Map(projects);
        RequireMfa.Map(projects);
        ListProjectTeams.Map(projects);
        PutProjectTeam.Map(projects);
        RemoveProjectTeam.Map(projects);
        NoteNotice.Map(projects);
        ArchiveProject.Map(projects);
        RestoreProject.Map(projects);
        DeleteProject.Map(projects);
        ListDeletedProjects.Map(app);
        CopyProject.Map(projects);
        ListProjectConnections.Map(projects);
        AdmitConnection.Map(projects);
        WithdrawConnection.Map(projects);
        ListTemplates.Map(app);
        ViewOntology.Map(projects);
        PublishOntology.Map(projects);
        var organization = app.MapGroup("/api/organization").WithTags("Organization");
        ListAllProjects.Map(organization);
        ListMembersOfAny.Map(organization);
        TakeProjectAdmin.Map(organization);
    }
}
