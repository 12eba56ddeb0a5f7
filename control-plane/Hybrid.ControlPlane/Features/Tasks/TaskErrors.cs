using System.Text.Json;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.Quality.Labels;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Refusals about tasks.</summary>
internal static class TaskErrors
{
    public static readonly Error Taken = new(ErrorKind.Conflict, "task.taken", "Somebody else holds this task now.", "Your draft is kept. Take the next task; a manager can give this one back to you.");
    public static readonly Error Finished = new(ErrorKind.Conflict, "task.finished", "This task is finished already.", "Nothing was changed. Take the next task.");
    public static readonly Error Separation = new(ErrorKind.Forbidden, "task.step_separation", "You worked on another step of this asset.", "Nobody works on two steps of one asset in this project. Take the next task.");
    public static readonly Error SameAsset = new(ErrorKind.Forbidden, "task.same_asset", "You have a task of this asset already, or have answered for it.", "Nothing was changed. Every person answers once for an asset; take the next task.");
    public static readonly Error TheirSameAsset = new(ErrorKind.Unprocessable, "task.their_same_asset", "This person has a task of the asset already, or has answered for it.", "Nothing was changed. Every person answers once for an asset; choose somebody else.");
    public static readonly Error Paused = new(ErrorKind.Forbidden, "task.labeler_paused", "You cannot take tasks in this project at present: your results lie under its threshold.", "What you hold stays yours to finish. A manager of the project can let you go on.");
    public static readonly Error NotTheirs = new(ErrorKind.Unprocessable, "task.not_theirs", "This person may not work on the step.", "Nothing was changed. Choose somebody whose role allows it and whom the step names.");
    public static readonly Error TheirSeparation = new(ErrorKind.Unprocessable, "task.their_separation", "This person worked on another step of the asset.", "Nothing was changed. Nobody works on two steps of one asset in this project; choose somebody else.");
    public static readonly Error InWork = new(ErrorKind.Conflict, "asset.in_work", "The asset is not finished.", "Nothing was changed. Only what is done or skipped can be opened again.");
    public static readonly Error StaleDraft = new(ErrorKind.Conflict, "draft.stale", "A newer draft of this task was saved from another window.", "What is on screen stays there. Load the task again to see the newer draft.");
    public static readonly Error StaleLabel = new(ErrorKind.Conflict, "label.stale", "The label under review has changed.", "Nothing was written. Load the task again.");
    public static readonly Error KeyReused = new(ErrorKind.Conflict, "request.key_reused", "This idempotency key was used for other content.", "What was sent first is kept. Load the task again; a new change needs a new key.");
    public static readonly Error ReasonNeeded = new(ErrorKind.Invalid, "review.reason_needed", "Sending back needs a reason.", "Nothing was written. Say what the labeler should change.");
    public static readonly Error DocumentNeeded = new(ErrorKind.Invalid, "review.document_needed", "A correction needs the corrected label.", "Nothing was written. Send the whole document.");

    public static readonly Error OpenIssue = new(ErrorKind.Conflict, "review.open_issue", "An issue of this round is open.", "Nothing was written. Solve or cancel it, or send the label back.");

    public static Error Unread(int version) => new(
        ErrorKind.Conflict, "guideline.unread", $"Version {version} of the guidelines is to be read before the next task.", "Your drafts are kept. Read the guidelines, say so, and take the next task.")
    {
        Extensions = new Dictionary<string, object?> { ["guidelineVersion"] = version },
    };

    public static Error Invalid(IReadOnlyList<Violation> violations) => new(
        ErrorKind.Unprocessable, "label.invalid", "The label breaks rules of the project.", "Your draft is kept. Correct what is named; each entry leads to its place.")
    {
        Extensions = new Dictionary<string, object?> { ["violations"] = JsonSerializer.SerializeToElement(violations, JsonSerializerOptions.Web) },
    };
}
