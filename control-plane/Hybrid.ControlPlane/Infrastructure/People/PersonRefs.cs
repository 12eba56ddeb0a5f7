using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>A person as others see them. The only form in which people appear in answers.</summary>
/// <param name="Id">Stable in the project.</param>
/// <param name="Name">Name to show.</param>
public sealed record PersonRef(string Id, string Name);

/// <summary>The one place where people become <see cref="PersonRef"/>s, so that anonymization has one place to act.</summary>
internal sealed class PersonRefs(ControlPlaneDb db)
{
    /// <summary>References of these people, by id; unknown ids are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, PersonRef>> OfAsync(IEnumerable<Guid> people, CancellationToken ct)
    {
        var ids = people.Distinct().ToList();
        if (ids.Count == 0) return new Dictionary<Guid, PersonRef>();
        return await db.Users.AsNoTracking()
            .Where(p => ids.Contains(p.Id) && db.OrganizationMembers.Any(m => m.PersonId == p.Id))
            .Select(p => new { p.Id, p.DisplayName })
            .ToDictionaryAsync(p => p.Id, p => new PersonRef(p.Id.ToString(), p.DisplayName), ct);
    }

    /// <summary>The reference of one person.</summary>
    public async Task<PersonRef?> OfAsync(Guid? person, CancellationToken ct) =>
        person is { } id && (await OfAsync([id], ct)).TryGetValue(id, out var found) ? found : null;
}
