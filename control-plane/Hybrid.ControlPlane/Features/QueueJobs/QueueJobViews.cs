using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>With what a job changes tasks.</summary>
/// <param name="PersonId">Who gets them, of an assignment to a person.</param>
/// <param name="TeamId">Among whom they are dealt out, of an assignment to a team.</param>
/// <param name="Priority">Higher first.</param>
/// <param name="DueAt">Until when they are wanted; null = no date.</param>
/// <param name="JobId">What is taken back.</param>
public sealed record QueueArgument(Guid? PersonId, Guid? TeamId, int? Priority, DateTimeOffset? DueAt, Guid? JobId);

/// <summary>A job, as its page shows it.</summary>
public sealed record QueueJobView(
    Guid Id, QueueAct Act, QueueFilter Filter, QueueArgument Argument, PersonRef? Person, string? Team, QueueJobState State, int Total, int Changed, int Unchanged, int Refused, bool CanBeUndone, bool Undone, PersonRef? By,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>Refusals about jobs over the queue.</summary>
internal static class QueueJobErrors
{
    public static readonly Error Busy = new(ErrorKind.Conflict, "queue_job.running", "Another act on this queue is running.", "Nothing was changed. Wait until it is done, or stop it.");
    public static readonly Error Finished = new(ErrorKind.Conflict, "queue_job.finished", "The act is over already.", "Nothing was changed. Load the list again.");
    public static readonly Error CannotUndo = new(ErrorKind.Conflict, "queue_job.cannot_undo", "This act cannot be taken back.", "Nothing was changed. A lease that ended and a round that began stay as they are.");
    public static readonly Error UnknownTeam = new(ErrorKind.Unprocessable, "queue_job.unknown_team", "The team has no role in the project.", "Nothing was changed. Choose a team of the project.");
    public static readonly Error Nothing = new(ErrorKind.Unprocessable, "queue_job.nothing", "No task matches.", "Nothing was changed. Choose another filter.");
}

/// <summary>How jobs stand in their rows.</summary>
internal static class QueueJobText
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static QueueFilter FilterOf(QueueJob job) => JsonSerializer.Deserialize<QueueFilter>(job.Filter, Json)!;

    public static QueueArgument ArgumentOf(QueueJob job) => JsonSerializer.Deserialize<QueueArgument>(job.Argument, Json)!;

    /// <summary>
    /// The tasks that an act with a filter is about: those that wait; for opening again, the newest of each finished asset, whose answers are not
    /// waiting to be compared. Known answers are nobody's to find here.
    /// </summary>
    public static IQueryable<WorkTask> Matching(ControlPlaneDb db, Guid projectId, QueueAct act, QueueFilter filter, DateTimeOffset now)
    {
        var tasks = db.Tasks.Where(t => t.ProjectId == projectId && t.Purpose != TaskPurpose.Honeypot);
        tasks = act == QueueAct.Reopen
            ? tasks.Where(t => t.State != TaskState.Open && !db.Tasks.Any(n => n.AssetId == t.AssetId && n.Purpose != TaskPurpose.Honeypot && (n.Id > t.Id || n.State == TaskState.Open || n.State == TaskState.Answered))
                && !db.ConsensusRounds.Any(c => c.AssetId == t.AssetId && c.State == ConsensusState.Gathering))
            : tasks.Where(t => t.State == TaskState.Open);
        if (act == QueueAct.Release) tasks = tasks.Where(t => t.HolderId != null);
        return filter.Of(db, tasks, now);
    }

    public static QueueJobView View(QueueJob job, IReadOnlyDictionary<Guid, PersonRef> refs, IReadOnlyDictionary<Guid, string> teams)
    {
        var argument = ArgumentOf(job);
        // Who is meant is said as people are shown here: their own id is not for every project.
        return new QueueJobView(
            job.Id, job.Act, FilterOf(job), argument with { PersonId = null }, argument.PersonId is { } person ? refs.GetValueOrDefault(person) : null, argument.TeamId is { } team ? teams.GetValueOrDefault(team) : null, job.State, job.Total,
            job.Changed, job.Unchanged, job.Refused, job.CanBeUndone, job.UndoneBy is not null, refs.GetValueOrDefault(job.CreatedBy), job.CreatedAt, job.FinishedAt);
    }
}

/// <summary>Rules of filters, wherever they come in.</summary>
internal sealed class QueueFilterRules : AbstractValidator<QueueFilter>
{
    public QueueFilterRules()
    {
        RuleFor(f => f.Kind).IsInEnum();
        RuleFor(f => f.Hold).IsInEnum();
        RuleFor(f => f.Owner).IsInEnum();
        RuleFor(f => f.Search).IsProse(200);
    }
}
