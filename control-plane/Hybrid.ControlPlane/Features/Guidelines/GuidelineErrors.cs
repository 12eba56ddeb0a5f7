using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>Refusals about guidelines.</summary>
internal static class GuidelineErrors
{
    public static readonly Error NoPrecondition = new(ErrorKind.Invalid, "request.if_match", "The request names no version.", "Send If-Match with the version that the change is based on; 0 for the first.");
    public static readonly Error Stale = new(ErrorKind.Stale, "guideline.stale", "Somebody published another guideline version first.", "Your text is still in this page. Compare it with the newest version, then publish yours on top of it.");
    public static readonly Error NotInForce = new(ErrorKind.Conflict, "guideline.not_in_force", "Another version of the guidelines is in force now.", "Nothing was recorded. Read the version in force.");
    public static readonly Error Same = new(ErrorKind.Conflict, "guideline.same", "The text is the one that is in force.", "Nothing was changed. Change something first.");
    public static readonly Error UnknownObject = new(ErrorKind.Unprocessable, "guideline.unknown_object", "The project has no such storage connection or asset.", "Nothing was changed. Choose an object of a connection that is admitted to the project.");

    public static Error UnknownPicture(Guid id) => new(ErrorKind.Unprocessable, "guideline.unknown_picture", $"The project has no picture {id}.", "Nothing was changed. Add the picture to the guidelines first, then name it.");

    public static Error UnknownClass(string tool) => new(ErrorKind.Unprocessable, "guideline.unknown_class", $"The ontology has no class {tool}.", "Nothing was changed. Write the section for a class of the ontology in force.");
}
