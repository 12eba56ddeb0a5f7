using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security;

namespace Hybrid.ControlPlane.Infrastructure.Auditing;

/// <summary>Writes the acts of one request into the log, in the request's own transaction.</summary>
internal sealed class AuditTrail(ControlPlaneDb db, ICurrentUser user, TimeProvider clock)
{
    private readonly HashSet<string> recorded = new(StringComparer.Ordinal);

    /// <summary>Codes written so far in this request.</summary>
    public IReadOnlySet<string> Recorded => recorded;

    /// <summary>True when a refused command must commit all the same, since its refusal itself is an act (e.g. a failed sign-in).</summary>
    public bool KeepsRefusal { get; set; }

    /// <summary>Set when a command found nothing to do, or only saved a working state (a draft, a lease): no act, no entry.</summary>
    public bool NothingHappened { get; set; }

    /// <summary>Forgets what a rolled-back attempt recorded.</summary>
    public void BeginAgain()
    {
        recorded.Clear();
        (KeepsRefusal, NothingHappened) = (false, false);
    }

    /// <summary>Records an act of the current person, or of the API key that acts.</summary>
    /// <param name="act">A code of <see cref="AuditActs"/>.</param>
    /// <param name="projectId">The project, or null.</param>
    /// <param name="subjects">Ids that the act is about.</param>
    /// <param name="facts">Ids, versions, figures, digests as an anonymous object; never content or personal data.</param>
    public void Record(string act, Guid? projectId, IEnumerable<Guid> subjects, object? facts = null) =>
        Write(
            db.OrganizationId, user is { IsSignedIn: true, Key: not null } ? ActorKind.ApiKey : ActorKind.User, user.IsSignedIn ? user.Key?.KeyId ?? user.PersonId : null,
            act, projectId, subjects, facts);

    /// <summary>Records an act of an agent or of the product itself.</summary>
    public void RecordAs(ActorKind actor, Guid? actorId, string act, Guid? projectId, IEnumerable<Guid> subjects, object? facts = null) =>
        Write(db.OrganizationId, actor, actorId, act, projectId, subjects, facts);

    private void Write(Guid organizationId, ActorKind actor, Guid? actorId, string act, Guid? projectId, IEnumerable<Guid> subjects, object? facts)
    {
        recorded.Add(act);
        var canonical = CanonicalJson.Serialize(JsonSerializer.SerializeToNode(facts, JsonSerializerOptions.Web) ?? new JsonObject());
        db.AuditEntries.Add(AuditEntry.Create(
            organizationId, projectId, actor, actorId, act, JsonSerializer.Serialize(subjects), System.Text.Encoding.UTF8.GetString(canonical), clock.GetUtcNow()));
    }
}
