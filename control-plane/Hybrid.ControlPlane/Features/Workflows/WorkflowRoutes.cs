namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>A project's steps, who works on them, and what is reviewed.</summary>
internal static class WorkflowRoutes
{
    public static void MapWorkflow(this IEndpointRouteBuilder app)
    {
        var project = app.MapGroup("/api/projects/{projectId:guid}").WithTags("Workflow");
        ViewWorkflow.Map(project);
        PublishWorkflow.Map(project);
        ChangeSeparation.Map(project);
        ChangeSendBack.Map(project);
        ViewSampling.Map(project);
    }
}
