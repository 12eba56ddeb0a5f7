using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Refusals about issues and questions.</summary>
internal static class ThreadErrors
{
    public static readonly Error UnknownPerson = new(ErrorKind.Unprocessable, "thread.unknown_person", "Somebody who is named has no role in the project.", "Nothing was written. Choose people of the project.");
    public static readonly Error Settled = new(ErrorKind.Conflict, "thread.settled", "The thread is settled.", "Nothing was changed. Open it again first.");
    public static readonly Error NotSettled = new(ErrorKind.Conflict, "thread.not_settled", "The thread is open already.", "Nothing was changed. Load it again.");
    public static readonly Error UnknownGuideline = new(ErrorKind.Unprocessable, "thread.unknown_guideline", "The project has no such guideline version.", "Nothing was changed. Choose a version that is published.");
    public static readonly Error UnknownObject = new(ErrorKind.Unprocessable, "thread.outside", "The place is outside the asset.", "Nothing was written. Choose a place in the asset.");
}
