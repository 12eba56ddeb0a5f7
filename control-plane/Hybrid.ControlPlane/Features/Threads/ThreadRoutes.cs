using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Live;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Issues and questions.</summary>
internal static class ThreadRoutes
{
    public static IServiceCollection AddThreads(this IServiceCollection services) =>
        services.AddScoped<ThreadSight>().AddScoped<ThreadParts>().AddScoped<ThreadViews>().AddSingleton<LiveNotices>();

    public static void MapThreads(this IEndpointRouteBuilder app)
    {
        var project = app.MapGroup("/api/projects/{projectId:guid}").WithTags("Threads");
        var threads = project.MapGroup("/threads");
        ListThreads.Map(threads);
        CountThreads.Map(threads);
        ListThreadPeople.Map(threads);
        OpenThread.Map(threads);
        ViewThread.Map(threads);
        CommentThread.Map(threads);
        SettleThread.Map(threads);
        AssignThread.Map(threads);
        LinkThread.Map(threads);
        SeeThread.Map(threads);
        BlockOnIssues.Map(project);
        app.MapHub<ProjectLive>(ProjectLive.Path).RequireAuthorization(Policies.Unlocked).WithMetadata(new RouteRule(null, "unlocked sessions only, by policy")).ChangesNothing("It tells pages to ask again.");
    }
}
