namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Work: taking, saving, submitting, judging.</summary>
internal static class TaskRoutes
{
    public static IServiceCollection AddTasks(this IServiceCollection services) =>
        services.AddScoped<TaskQueue>().AddScoped<TaskViews>().AddScoped<HeldTask>().AddScoped<LabelWriter>().AddSingleton<PublishedOntologies>().AddScoped<StepPassage>();

    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        var tasks = app.MapGroup("/api/projects/{projectId:guid}/tasks").WithTags("Tasks");
        ListQueue.Map(tasks);
        NextTask.Map(tasks);
        ClaimTask.Map(tasks);
        ViewTask.Map(tasks);
        RenewLease.Map(tasks);
        ReleaseTask.Map(tasks);
        SkipTask.Map(tasks);
        SaveDraft.Map(tasks);
        SubmitLabel.Map(tasks);
        ReviewTask.Map(tasks);
        ReportDimensions.Map(tasks);
        AssignTask.Map(tasks);
        PrioritizeTask.Map(tasks);
        ChangeDueDate.Map(tasks);
        ForceReleaseTask.Map(tasks);
        ReopenAsset.Map(app);
    }
}
