using System.Security.Claims;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Live;

/// <summary>
/// The hub at which pages hear that something of a project has changed. It says which kind of thing and nothing more: what it is, each asks by
/// its own right. A place in a project is asked for anew with every <see cref="Watch"/>, which pages repeat.
/// </summary>
internal sealed class ProjectLive(ControlPlaneDb db, TimeProvider clock) : Hub
{
    /// <summary>Where it is.</summary>
    public const string Path = "/live";

    /// <summary>What it calls in the page: the project, and a kind of <see cref="LiveKinds"/>.</summary>
    public const string Changed = "changed";

    /// <summary>Hears of a project from now on; false when it does not exist for the caller.</summary>
    public async Task<bool> Watch(Guid projectId)
    {
        // A program asks; its key may not know every project of its account.
        if (Context.User!.HasClaim(c => c.Type == SessionClaims.Key)) return false;
        var person = Guid.Parse(Context.User!.FindFirstValue(SessionClaims.Person)!);
        int? role;
        await using (await TenantScope.OpenAsync(db, Guid.Parse(Context.User!.FindFirstValue(SessionClaims.Organization)!), person, Context.ConnectionAborted))
        {
            role = await Places.At(db, clock.GetUtcNow()).Where(p => p.ProjectId == projectId && p.PersonId == person && db.Projects.Any(x => x.Id == projectId && x.DeletedAt == null)).MaxAsync(p => (int?)p.Role, Context.ConnectionAborted);
        }

        await Groups.RemoveFromGroupAsync(Context.ConnectionId, LiveGroups.Managers(projectId), Context.ConnectionAborted);
        if (role is null)
        {
            await Groups.RemoveFromGroupAsync(Context.ConnectionId, LiveGroups.Everybody(projectId), Context.ConnectionAborted);
            await Groups.RemoveFromGroupAsync(Context.ConnectionId, LiveGroups.Person(projectId, person), Context.ConnectionAborted);
            return false;
        }

        await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.Everybody(projectId), Context.ConnectionAborted);
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.Person(projectId, person), Context.ConnectionAborted);
        if (role >= (int)ProjectRole.TeamManager) await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.Managers(projectId), Context.ConnectionAborted);
        return true;
    }
}

/// <summary>Who hears what.</summary>
internal static class LiveGroups
{
    public static string Everybody(Guid project) => $"{project}";

    public static string Managers(Guid project) => $"{project} managers";

    public static string Person(Guid project, Guid person) => $"{project} {person}";
}

/// <summary>What can have changed.</summary>
internal static class LiveKinds
{
    public const string Threads = "threads";
    public const string Guidelines = "guidelines";
    public const string QueueJobs = "queueJobs";
}

/// <summary>Tells pages, once a change is committed. That a page hears nothing (no Redis, a lost link) loses nothing: pages ask by themselves too.</summary>
internal sealed partial class LiveNotices(IHubContext<ProjectLive> hub, ILogger<LiveNotices> logger)
{
    /// <summary>Everybody in the project.</summary>
    public Task TellAllAsync(Guid project, string kind) => SendAsync([LiveGroups.Everybody(project)], project, kind);

    /// <summary>Those who manage it.</summary>
    public Task TellManagersAsync(Guid project, string kind) => SendAsync([LiveGroups.Managers(project)], project, kind);

    /// <summary>These people, and those who manage the project.</summary>
    public Task TellAsync(Guid project, IEnumerable<Guid> people, string kind) => SendAsync([LiveGroups.Managers(project), .. people.Select(p => LiveGroups.Person(project, p))], project, kind);

    private async Task SendAsync(IReadOnlyList<string> groups, Guid project, string kind)
    {
        try
        {
            await hub.Clients.Groups(groups).SendAsync(ProjectLive.Changed, project, kind);
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            // What was done is done: the page that would have heard of it asks in a minute.
            NoticeFailed(failed.GetType().Name);
        }
    }

    [LoggerMessage(1460, LogLevel.Warning, "Pages could not be told of a change ({Kind})")]
    private partial void NoticeFailed(string kind);
}
