using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Refusals about teams.</summary>
internal static class TeamErrors
{
    public static readonly Error NameTaken = new(ErrorKind.Conflict, "team.name_taken", "Another team has this name.", "Nothing was changed. Choose another name.");
    public static readonly Error Synchronized = new(ErrorKind.Conflict, "team.synchronized", "The identity provider says who is in this team.", "Nothing was changed. Change the group there; it comes here by itself.");
    public static readonly Error UnknownPerson = new(ErrorKind.Invalid, "person.unknown", "This person does not belong to the organization, or is deactivated.", "Nothing was changed. Add or reactivate the person first.");
}
