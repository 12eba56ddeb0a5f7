using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Quality;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Judges the label of a review task: approve, correct, or send back.</summary>
public static class ReviewTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/review", Endpoint).WithName(nameof(ReviewTask)).WithSummary("Judges a label.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, body, request.Headers["Idempotency-Key"].ToString()), ct)).ToHttp();

    /// <summary>The decision.</summary>
    public sealed record Body(Decision Outcome, Guid LabelId, System.Text.Json.JsonElement? Document, string? Reason, int? Score, long ActiveMs);

    /// <summary>What can be decided.</summary>
    public enum Decision
    {
        /// <summary>Right as it is.</summary>
        Approve,

        /// <summary>Right after the reviewer's change.</summary>
        Correct,

        /// <summary>Back to the labeler, with a reason.</summary>
        SendBack,
    }

    /// <summary>Judges.</summary>
    [Act(Acts.TaskReview)]
    [Audits(AuditActs.ReviewApproved, AuditActs.ReviewCorrected, AuditActs.ReviewSentBack)]
    public sealed record Command(Guid ProjectId, Guid TaskId, Body Body, string Key) : ICommand<Response>, IInProject, IRepeatable;

    /// <summary>What was kept.</summary>
    public sealed record Response(Guid ReviewId, Guid? CorrectedLabelId);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Body.Outcome).IsInEnum();
            RuleFor(c => c.Body.Score).InclusiveBetween(1, 5);
            RuleFor(c => c.Body.Reason).IsProse(2000);
            RuleFor(c => c.Body.ActiveMs).GreaterThanOrEqualTo(0);
            RuleFor(c => c.Key).Length(8, 100).WithMessage("Idempotency-Key has 8–100 characters.").OverridePropertyName("Idempotency-Key");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, HeldTask held, LabelWriter writer, LabelAgreements agreements, StepPassage passage, ProjectAccess access, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            var before = await db.Reviews.AsNoTracking().SingleOrDefaultAsync(r => r.TaskId == command.TaskId && r.ProjectId == command.ProjectId && r.IdempotencyKey == command.Key && r.ReviewerId == user.PersonId, ct);
            if (before is not null)
            {
                if (!await IsSameAsync(before, body, ct)) return TaskErrors.KeyReused;
                audit.NothingHappened = true;
                return new Response(before.Id, before.CorrectedLabelId);
            }

            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            var task = found.Value;
            if (task.StepKind != StepKind.Review) return RequestErrors.NotFound;
            if (await held.IsSeparatedAsync(task, ct)) return TaskErrors.Separation;
            if (task.LabelId != body.LabelId) return TaskErrors.StaleLabel;
            if (body.Outcome != Decision.SendBack && access.Here!.IssuesBlock && await db.Threads.AnyAsync(t => t.AssetId == task.AssetId && t.Status == ThreadStatus.Open && t.Kind == ThreadKind.Issue && t.Round == task.Round, ct)) return TaskErrors.OpenIssue;
            var judged = await db.Labels.AsNoTracking().SingleAsync(l => l.Id == body.LabelId, ct);

            Guid? corrected = null;
            double? agreement = 1;
            IReadOnlyList<object> sampling = [];
            switch (body.Outcome)
            {
                case Decision.Correct when body.Document is null:
                    return TaskErrors.DocumentNeeded;
                case Decision.Correct:
                    var written = await writer.WriteAsync(task, body.Document.Value, body.ActiveMs, LabelOrigin.ReviewCorrection, command.Key, ct);
                    if (!written.IsSuccess) return written.Refusal!;
                    corrected = written.Value.Id;
                    agreement = judged.Digest.AsSpan().SequenceEqual(written.Value.Digest) ? 1 : (await agreements.OfAsync(judged, written.Value, firstIsTruth: false, ct)).Value;
                    break;
                case Decision.SendBack when string.IsNullOrWhiteSpace(body.Reason):
                    return TaskErrors.ReasonNeeded;
                case Decision.SendBack:
                    var (labeling, labeler) = await passage.WayBackAsync(task.ProjectId, task.AssetId, judged.Number, ct);
                    db.Tasks.Add(WorkTask.ComeBack(labeling, task, judged.Id, labeler, body.Reason.Trim(), held.Now));
                    agreement = 0;
                    break;
            }

            var outcome = OutcomeOf(body.Outcome);
            var act = outcome switch
            {
                ReviewOutcome.Approved => AuditActs.ReviewApproved,
                ReviewOutcome.Corrected => AuditActs.ReviewCorrected,
                _ => AuditActs.ReviewSentBack,
            };
            var review = Review.Create(task, judged.Id, corrected, user.PersonId, outcome, agreement, body.Reason?.Trim(), body.Score, body.ActiveMs, command.Key, held.Now);
            db.Reviews.Add(review);
            task.Finish(user.PersonId, corrected ?? judged.Id, held.Now);
            if (outcome != ReviewOutcome.SentBack) sampling = (await passage.GoOnAsync(access.Here!.PseudonymKey, task, corrected ?? judged.Id, held.Now, ct)).Log;
            await held.RememberWorkAsync(task, ct);
            await held.DropDraftAsync(task, ct);
            audit.Record(act, task.ProjectId, corrected is { } c ? [review.Id, judged.Id, c, task.Id] : [review.Id, judged.Id, task.Id], new { score = body.Score, round = task.Round, workflow = task.WorkflowVersion, agreement, sampling });
            return new Response(review.Id, corrected);
        }

        private async Task<bool> IsSameAsync(Review before, Body body, CancellationToken ct) =>
            before.Outcome == OutcomeOf(body.Outcome) && before.LabelId == body.LabelId && before.Score == body.Score && before.Reason == body.Reason?.Trim()
            && (before.CorrectedLabelId is not { } corrected || (body.Document is { } document && await writer.IsSameAsync(corrected, document, ct)));

        private static ReviewOutcome OutcomeOf(Decision decision) => decision switch
        {
            Decision.Approve => ReviewOutcome.Approved,
            Decision.Correct => ReviewOutcome.Corrected,
            _ => ReviewOutcome.SentBack,
        };
    }
}
