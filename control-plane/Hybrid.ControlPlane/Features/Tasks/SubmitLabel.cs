using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Submits a label: version, task, next step and audit entry in one transaction. The same key gives the same answer.</summary>
public static class SubmitLabel
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/submit", Endpoint).WithName(nameof(SubmitLabel)).WithSummary("Submits a label.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, HttpRequest request, IMediator mediator, Quality.QualityWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, taskId, body.Document, body.ActiveMs, request.Headers["Idempotency-Key"].ToString()), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>The label document and the active time.</summary>
    public sealed record Body(System.Text.Json.JsonElement Document, long ActiveMs);

    /// <summary>Submits.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.LabelSubmitted)]
    public sealed record Command(Guid ProjectId, Guid TaskId, System.Text.Json.JsonElement Document, long ActiveMs, string Key) : ICommand<Response>, IInProject, IRepeatable;

    /// <summary>What was kept.</summary>
    public sealed record Response(Guid LabelId, int Version, string Digest);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.ActiveMs).GreaterThanOrEqualTo(0);
            RuleFor(c => c.Key).Length(8, 100).WithMessage("Idempotency-Key has 8–100 characters.").OverridePropertyName("Idempotency-Key");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, HeldTask held, LabelWriter writer, StepPassage passage, ProjectAccess access, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Response>>
    {
        private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, string, Guid, CancellationToken, Task<Label?>>> LabelBy = new(() => EF.CompileAsyncQuery(
            (ControlPlaneDb db, Guid project, Guid task, string key, Guid author, CancellationToken _) => db.Labels.AsNoTracking()
                .SingleOrDefault(l => l.TaskId == task && l.ProjectId == project && l.IdempotencyKey == key && l.AuthorId == author)));

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            // 1. A repetition gets the first answer; the time spent may have grown meanwhile, the work may not have changed.
            if (await LabelBy.In(db)(db, command.ProjectId, command.TaskId, command.Key, user.PersonId, ct) is { } before)
            {
                if (!await writer.IsSameAsync(before.Id, command.Document, ct)) return TaskErrors.KeyReused;
                audit.NothingHappened = true;
                return new Response(before.Id, before.Number, Convert.ToHexStringLower(before.Digest));
            }

            // 2. Theirs to submit?
            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            var task = found.Value;
            if (task.StepKind != StepKind.Labeling) return RequestErrors.NotFound;
            if (await held.IsSeparatedAsync(task, ct)) return TaskErrors.Separation;
            if (await held.IsSecondAsync(task, ct)) return TaskErrors.SameAsset;

            // 3. The label, and where the asset goes next.
            var written = await writer.WriteAsync(task, command.Document, command.ActiveMs, LabelOrigin.Human, command.Key, ct);
            if (!written.IsSuccess) return written.Refusal!;
            var label = written.Value;
            IReadOnlyList<object> sampling = [];
            if (task.Purpose == TaskPurpose.Consensus)
            {
                task.Answer(user.PersonId, label.Id, held.Now);
            }
            else
            {
                task.Finish(user.PersonId, label.Id, held.Now);
                if (task.Purpose == TaskPurpose.Ordinary) sampling = (await passage.GoOnAsync(access.Here!.PseudonymKey, task, label.Id, held.Now, ct)).Log;
            }

            held.FollowUp(task);
            await held.RememberWorkAsync(task, ct);
            await held.DropDraftAsync(task, ct);
            audit.Record(AuditActs.LabelSubmitted, task.ProjectId, [label.Id, task.Id, task.AssetId], LabelWriter.Facts(label, sampling));
            return new Response(label.Id, label.Number, Convert.ToHexStringLower(label.Digest));
        }
    }
}
