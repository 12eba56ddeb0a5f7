using System.Text.Json;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.Quality.Labels;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Refusals about projects.</summary>
internal static class ProjectErrors
{
    public static readonly Error UnknownConnection = new(ErrorKind.Invalid, "connection.unknown", "A connection is not known.", "Nothing was changed. Choose connections of an enrolled agent.");
    public static readonly Error UnknownPerson = new(ErrorKind.Invalid, "person.unknown", "This person does not belong to the organization.", "Nothing was changed. Add the person to the organization first.");
    public static readonly Error AlreadyMember = new(ErrorKind.Conflict, "member.exists", "This person has a role in the project already.", "Nothing was changed. Change the role instead.");
    public static readonly Error LastAdmin = new(ErrorKind.Conflict, "member.last_admin", "The project would have no project admin.", "Nothing was changed. Give the role to somebody else first.");
    public static readonly Error PastEnd = new(ErrorKind.Invalid, "member.past_end", "The access would have ended already.", "Nothing was changed. Choose an end in the future, or remove the member.");
    public static readonly Error EndBeforeStart = new(ErrorKind.Invalid, "member.end_before_start", "The access would end before it begins.", "Nothing was changed. Choose an end after the beginning.");
    public static readonly Error UnknownTeam = new(ErrorKind.Invalid, "team.unknown", "This team does not exist.", "Nothing was changed. It may have been deleted; choose another.");
    public static readonly Error TeamPresent = new(ErrorKind.Conflict, "project_team.exists", "This team has a role in the project already.", "Nothing was changed. Change the role instead.");
    public static readonly Error StaleOntology = new(ErrorKind.Stale, "ontology.stale", "Somebody published another ontology version first.", "Your changes are still in this page. Load the newest version and apply them to it.");
    public static readonly Error NoPrecondition = new(ErrorKind.Invalid, "request.if_match", "The request names no version.", "Send If-Match with the version that the change is based on.");

    public static readonly Error KeyReused = new(ErrorKind.Conflict, "request.key_reused", "This idempotency key was used for another project.", "What was sent first is kept. A new project needs a new key.");

    public static Error BadOntology(IReadOnlyList<Violation> violations) => new(
        ErrorKind.Unprocessable, "ontology.invalid", "The ontology breaks its rules.", "Nothing was changed. Correct what is named below.")
    {
        Extensions = new Dictionary<string, object?> { ["violations"] = JsonSerializer.SerializeToElement(violations, JsonSerializerOptions.Web) },
    };
}
