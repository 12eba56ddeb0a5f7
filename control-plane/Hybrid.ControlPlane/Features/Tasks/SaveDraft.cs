using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Saves the caller's unfinished answer; rules are asked only at submit.</summary>
public static class SaveDraft
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPut("/{taskId:guid}/draft", Endpoint).WithName(nameof(SaveDraft)).WithSummary("Saves a draft.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, body.Document, body.Revision, body.ActiveMs), ct)).ToHttp();

    /// <summary>The draft.</summary>
    public sealed record Body(System.Text.Json.JsonElement Document, int Revision, long ActiveMs);

    /// <summary>Saves a newer revision.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.DraftSaved)]
    public sealed record Command(Guid ProjectId, Guid TaskId, System.Text.Json.JsonElement Document, int Revision, long ActiveMs) : ICommand<Response>, IInProject;

    /// <summary>What was kept.</summary>
    public sealed record Response(int Revision, DateTimeOffset SavedAt, DateTimeOffset LeaseExpiresAt);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Revision).GreaterThan(0);
            RuleFor(c => c.ActiveMs).GreaterThanOrEqualTo(0);
            RuleFor(c => c.Document).Must(d => d.ValueKind == System.Text.Json.JsonValueKind.Object).WithMessage("A label is an object.");
        }
    }

    internal sealed class Handler(Persistence.ControlPlaneDb db, HeldTask held, Infrastructure.Access.ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            var draft = await db.Drafts.FindAsync([command.TaskId, user.PersonId], ct);
            if (draft is null)
            {
                draft = Domain.Tasks.Draft.Begin(found.Value, user.PersonId);
                db.Drafts.Add(draft);
                audit.Record(AuditActs.DraftSaved, command.ProjectId, [command.TaskId], new { revision = command.Revision });
            }

            // The first draft of a task is an act; its later states are working states.
            audit.NothingHappened = true;
            var json = System.Text.Encoding.UTF8.GetBytes(command.Document.GetRawText());
            if (!draft.Save(Documents.Compress(json), command.Revision, command.ActiveMs, held.Now)) return TaskErrors.StaleDraft;
            found.Value.Renew(held.Now);
            return new Response(draft.Revision, draft.SavedAt, found.Value.HeldUntil!.Value);
        }
    }
}
