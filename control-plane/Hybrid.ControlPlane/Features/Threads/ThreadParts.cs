using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Whom a thread concerns, and what they have still to hear of it.</summary>
internal sealed partial class ThreadParts(ControlPlaneDb db, ICurrentUser user, PersonRefs people, TimeProvider clock)
{
    private readonly HashSet<Guid> told = [];

    /// <summary>Everybody whom the last act concerned: pages of theirs are told.</summary>
    public IReadOnlyCollection<Guid> Told => told;

    /// <summary>Puts people's own ids in the place of those that the caller knows them by; null when somebody has no role in the project.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="text">With people as <c>@[id]</c>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(string Text, IReadOnlyList<Guid> Mentioned)?> ReadAsync(Guid projectId, string text, CancellationToken ct)
    {
        var named = Mention().Matches(text).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        if (named.Count == 0) return (text, []);
        var known = await people.PeopleOfAsync(projectId, named, ct);
        if (known.Count < named.Count) return null;
        return (Mention().Replace(text, m => $"@[{known[m.Groups[1].Value]}]"), [.. known.Values]);
    }

    /// <summary>Ids of people who stand in texts.</summary>
    public static IEnumerable<Guid> MentionedIn(string text) => Mention().Matches(text).Select(m => m.Groups[1].Value).Where(v => Guid.TryParse(v, out _)).Select(Guid.Parse);

    /// <summary>The text as the caller may read it: people by the ids that they are shown by.</summary>
    public static string Show(string text, IReadOnlyDictionary<Guid, PersonRef> refs) =>
        Mention().Replace(text, m => Guid.TryParse(m.Groups[1].Value, out var id) && refs.TryGetValue(id, out var person) ? $"@[{person.Id}]" : "@[?]");

    /// <summary>
    /// Something happened in a thread: these people it concerns from now on, and all whom it concerns hear of it, but for the one who did it.
    /// </summary>
    public async Task HappenedAsync(IssueThread thread, IEnumerable<Guid> concerned, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var parts = await db.ThreadPeople.Where(p => p.ThreadId == thread.Id).ToDictionaryAsync(p => p.PersonId, ct);
        foreach (var person in concerned.Append(user.PersonId).Distinct()) Part(parts, thread, person).Concern();
        foreach (var part in parts.Values.Where(p => p.IsConcerned))
        {
            if (part.PersonId == user.PersonId) part.See(now);
            else part.Tell(now);
            told.Add(part.PersonId);
        }
    }

    /// <summary>The caller sees a thread as it is now; false when they had.</summary>
    public async Task<bool> SeeAsync(IssueThread thread, CancellationToken ct)
    {
        var part = await db.ThreadPeople.SingleOrDefaultAsync(p => p.ThreadId == thread.Id && p.PersonId == user.PersonId, ct);
        if (part?.SeenAt >= thread.ChangedAt) return false;
        if (part is null) db.ThreadPeople.Add(part = ThreadPerson.In(thread, user.PersonId));
        part.See(clock.GetUtcNow());
        told.Add(user.PersonId);
        return true;
    }

    private ThreadPerson Part(Dictionary<Guid, ThreadPerson> parts, IssueThread thread, Guid person)
    {
        if (parts.TryGetValue(person, out var part)) return part;
        parts[person] = part = ThreadPerson.In(thread, person);
        db.ThreadPeople.Add(part);
        return part;
    }

    [GeneratedRegex(@"@\[([A-Za-z0-9_-]{20,40})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();
}
