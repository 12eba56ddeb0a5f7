using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>Refusals about workflows.</summary>
internal static class WorkflowErrors
{
    public static readonly Error Stale = new(ErrorKind.Conflict, "workflow.stale", "Somebody published another workflow version first.", "Nothing was changed; what you typed stays in this page. Load the newest version and apply your changes to it.");
    public static readonly Error UnknownStep = new(ErrorKind.Unprocessable, "workflow.unknown_step", "A step is not one of the version that the change is based on.", "Nothing was changed. Leave out the id of a new step; the labeling step stays the first.");
    public static readonly Error WrongPerson = new(ErrorKind.Unprocessable, "workflow.person_role", "Somebody who is named at a step may not work on it.", "Nothing was changed. Name people who have a role here; review steps need reviewers or above.");
}
