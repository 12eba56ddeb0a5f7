using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>A person as others see them. The only form in which people appear in answers.</summary>
/// <param name="Id">Stable in the project.</param>
/// <param name="Name">Name to show.</param>
public sealed record PersonRef(string Id, string Name);

/// <summary>
/// The one place where people, and the times of what they did, take the form in which others see them. It asks by itself where the request
/// runs, so that a new slice cannot forget the anonymization of a project.
/// </summary>
internal sealed class PersonRefs(ControlPlaneDb db, ProjectAccess access, TimeProvider clock)
{
    // Crockford's base 32: no letter that could be taken for a digit.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>References of these people where work is shown: pseudonyms in an anonymized project, whoever asks.</summary>
    /// <returns>By id; people whom the organization does not have are left out of names.</returns>
    public async Task<IReadOnlyDictionary<Guid, PersonRef>> OfAsync(IEnumerable<Guid> people, CancellationToken ct) =>
        access.Here is { Anonymized: true } here ? people.Distinct().ToDictionary(p => p, p => Pseudonym(here.PseudonymKey, p)) : await ByNameAsync(people, ct);

    /// <summary>The reference of one person where work is shown.</summary>
    public async Task<PersonRef?> OfAsync(Guid? person, CancellationToken ct) =>
        person is { } id && (await OfAsync([id], ct)).TryGetValue(id, out var found) ? found : null;

    /// <summary>References for the views that are about people themselves (members, performance, audit): names, for those who manage them.</summary>
    public async Task<IReadOnlyDictionary<Guid, PersonRef>> NamedAsync(IEnumerable<Guid> people, CancellationToken ct) =>
        IsBlind ? await OfAsync(people, ct) : await ByNameAsync(people, ct);

    /// <summary>The people of a project behind the ids that the caller knows them by; who has no role there is left out.</summary>
    /// <param name="projectId">The project of the request.</param>
    /// <param name="ids">As in <see cref="PersonRef.Id"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyDictionary<string, Guid>> PeopleOfAsync(Guid projectId, IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        var here = await Places.At(db, clock.GetUtcNow()).Where(p => p.ProjectId == projectId).Select(p => p.PersonId).Distinct().ToListAsync(ct);
        return (await OfAsync(here, ct)).Where(r => ids.Contains(r.Value.Id)).ToDictionary(r => r.Value.Id, r => r.Key, StringComparer.Ordinal);
    }

    /// <summary>When somebody did something, as exactly as the caller may know it: under anonymization labelers and reviewers learn the day (UTC).</summary>
    public DateTimeOffset TimeOf(DateTimeOffset at) => IsBlind ? new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero) : at;

    private bool IsBlind => access.Here is { Anonymized: true, Role: < ProjectRole.TeamManager };

    /// <summary>Stable under this project's key, unlinkable to any other project: HMAC-SHA256 of the person's id (RFC 2104).</summary>
    private static PersonRef Pseudonym(byte[] key, Guid person)
    {
        var digest = HMACSHA256.HashData(key, person.ToByteArray(bigEndian: true));
        var bits = BinaryPrimitives.ReadUInt32BigEndian(digest.AsSpan(16));
        var letters = string.Create(4, bits, (span, b) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = Letters[(int)(b >> (5 * i)) & 31];
        });
        return new PersonRef(Base64Url.EncodeToString(digest.AsSpan(0, 16)), $"Annotator {letters}");
    }

    private async Task<IReadOnlyDictionary<Guid, PersonRef>> ByNameAsync(IEnumerable<Guid> people, CancellationToken ct)
    {
        var ids = people.Distinct().ToList();
        if (ids.Count == 0) return new Dictionary<Guid, PersonRef>();
        return await db.Users.AsNoTracking()
            .Where(p => ids.Contains(p.Id) && db.OrganizationMembers.Any(m => m.PersonId == p.Id))
            // Who has an account from elsewhere and has not joined yet is known here by the address alone, to which the invitation went.
            .Select(p => new { p.Id, Name = (p.PasswordHash != null || p.EmailConfirmed) && db.OrganizationMembers.Any(m => m.PersonId == p.Id && m.Status == MemberStatus.Invited) ? p.Email! : p.DisplayName })
            .ToDictionaryAsync(p => p.Id, p => new PersonRef(p.Id.ToString(), p.Name), ct);
    }
}
