using System.Text.Json;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>Begins an act on every task that a filter matches now. One at a time in a project: two would judge each other's work.</summary>
public static class StartQueueJob
{
    internal static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("", Endpoint).WithName(nameof(StartQueueJob)).WithSummary("Begins an act on many tasks.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, QueueJobWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, body.Act, body.Filter, body.Person, body.TeamId, body.Priority, body.DueAt), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>What, with which tasks, and with what.</summary>
    /// <param name="Act">All but undo.</param>
    /// <param name="Filter">Which tasks.</param>
    /// <param name="Person">Who gets them, by the id that they are shown by.</param>
    /// <param name="TeamId">Or among whom they are dealt out.</param>
    /// <param name="Priority">−1,000 to 1,000.</param>
    /// <param name="DueAt">Null = no date.</param>
    public sealed record Body(QueueAct Act, QueueFilter Filter, string? Person, Guid? TeamId, int? Priority, DateTimeOffset? DueAt);

    /// <summary>Begins.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.QueueJobStarted)]
    public sealed record Command(Guid ProjectId, QueueAct Act, QueueFilter Filter, string? Person, Guid? TeamId, int? Priority, DateTimeOffset? DueAt) : ICommand<Response>, IInProject, ITakesTurns
    {
        /// <summary>The second of two finds the first running.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"queue job {ProjectId}";
    }

    /// <summary>The job, and how many tasks it is about.</summary>
    public sealed record Response(Guid Id, int Total);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Act).IsInEnum().NotEqual(QueueAct.Undo);
            RuleFor(c => c.Filter).NotNull().SetValidator(new QueueFilterRules());
            RuleFor(c => c.Person).MaximumLength(40).Must((c, person) => c.Act != QueueAct.Assign || (person is null) != (c.TeamId is null)).WithMessage("Name a person or a team.");
            RuleFor(c => c.Priority).InclusiveBetween(-1000, 1000).Must((c, priority) => c.Act != QueueAct.Prioritize || priority is not null).WithMessage("A priority is needed.");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, PersonRefs people, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        private static readonly Error NotTheirs = new(ErrorKind.Unprocessable, "task.not_theirs", "This person may not work on the step.", "Nothing was changed. Choose somebody whose role allows it and whom the step names.");

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            if (await db.QueueJobs.AnyAsync(j => j.ProjectId == command.ProjectId && j.State == QueueJobState.Running, ct)) return QueueJobErrors.Busy;
            Guid? person = null;
            if (command is { Act: QueueAct.Assign, Person: { } named })
            {
                if (!(await people.PeopleOfAsync(command.ProjectId, [named], ct)).TryGetValue(named, out var known)) return NotTheirs;
                person = known;
            }

            if (command is { Act: QueueAct.Assign, TeamId: { } team } && !await db.ProjectTeams.AnyAsync(t => t.ProjectId == command.ProjectId && t.TeamId == team, ct)) return QueueJobErrors.UnknownTeam;
            var total = await QueueJobText.Matching(db, command.ProjectId, command.Act, command.Filter, now).CountAsync(ct);
            if (total == 0) return QueueJobErrors.Nothing;
            var argument = new QueueArgument(person, command.Act == QueueAct.Assign ? command.TeamId : null, command.Act == QueueAct.Prioritize ? command.Priority : null, command.Act == QueueAct.Due ? command.DueAt : null, null);
            var job = QueueJob.Create(
                user.OrganizationId, command.ProjectId, command.Act, JsonSerializer.Serialize(command.Filter, QueueJobText.Json), JsonSerializer.Serialize(argument, QueueJobText.Json), total, user.PersonId, now);
            db.QueueJobs.Add(job);
            audit.Record(
                AuditActs.QueueJobStarted, command.ProjectId, [job.Id, .. new[] { person, argument.TeamId }.OfType<Guid>()],
                new { act = job.Act.ToString(), tasks = total, kind = command.Filter.Kind?.ToString(), hold = command.Filter.Hold?.ToString(), owner = command.Filter.Owner?.ToString(), searched = !string.IsNullOrWhiteSpace(command.Filter.Search), priority = argument.Priority, due = argument.DueAt });
            return new Response(job.Id, total);
        }
    }
}
