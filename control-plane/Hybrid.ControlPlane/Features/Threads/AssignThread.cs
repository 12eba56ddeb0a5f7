using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Says who is to answer a thread, or that anybody may.</summary>
public static class AssignThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapPut("/{threadId:guid}/assignee", Endpoint).WithName(nameof(AssignThread)).WithSummary("Says who is to answer a thread.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid threadId, Body body, IMediator mediator, ThreadParts parts, LiveNotices live, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, threadId, body.Person), ct);
        if (result.IsSuccess) await live.TellAsync(projectId, parts.Told, LiveKinds.Threads);
        return result.ToHttp();
    }

    /// <summary>The person, by the id that they are shown by; null = whoever sees it.</summary>
    public sealed record Body(string? Person);

    /// <summary>Assigns.</summary>
    [Act(Acts.TaskReview)]
    [Audits(AuditActs.ThreadAssigned)]
    public sealed record Command(Guid ProjectId, Guid ThreadId, string? Person) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>One after the other in a thread.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"thread {ThreadId}";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Person).MaximumLength(40);
    }

    internal sealed class Handler(ThreadSight sight, ThreadParts parts, PersonRefs people, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var thread = await sight.FindAsync(command.ProjectId, command.ThreadId, ct);
            if (thread is null) return RequestErrors.NotFound;
            Guid? person = null;
            if (command.Person is { } named)
            {
                if (!(await people.PeopleOfAsync(command.ProjectId, [named], ct)).TryGetValue(named, out var known)) return ThreadErrors.UnknownPerson;
                person = known;
            }

            if (thread.AssigneeId == person)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            thread.Assign(person, clock.GetUtcNow());
            await parts.HappenedAsync(thread, person is { } asked ? [asked] : [], ct);
            audit.Record(AuditActs.ThreadAssigned, command.ProjectId, person is { } id ? [thread.Id, thread.AssetId, id] : [thread.Id, thread.AssetId]);
            return Done.Value;
        }
    }
}
