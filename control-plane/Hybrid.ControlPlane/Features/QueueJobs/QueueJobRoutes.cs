namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>Acts on many tasks at once.</summary>
internal static class QueueJobRoutes
{
    public static IServiceCollection AddQueueJobs(this IServiceCollection services) =>
        services.AddScoped<QueueJobPart>().AddSingleton<QueueJobWorker>().AddHostedService(s => s.GetRequiredService<QueueJobWorker>());

    public static void MapQueueJobs(this IEndpointRouteBuilder app)
    {
        var jobs = app.MapGroup("/api/projects/{projectId:guid}/queue-jobs").WithTags("Queue jobs");
        ListQueueJobs.Map(jobs);
        StartQueueJob.Map(jobs);
        CountMatching.Map(jobs);
        CancelQueueJob.Map(jobs);
        UndoQueueJob.Map(jobs);
    }
}
