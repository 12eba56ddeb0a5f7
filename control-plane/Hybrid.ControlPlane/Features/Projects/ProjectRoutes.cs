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
        ViewOntology.Map(projects);
        PublishOntology.Map(projects);
    }
}
