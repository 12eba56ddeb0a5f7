using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>How far the invitation of a person is who has not come yet.</summary>
public enum InvitationState
{
    /// <summary>Its mail is still to be sent.</summary>
    Waiting = 0,

    /// <summary>The mail server took it.</summary>
    Sent = 1,

    /// <summary>The mail server refused the address, or the mail could not be sent for days.</summary>
    Refused = 2,

    /// <summary>It was sent and its time is over.</summary>
    Expired = 3,
}

/// <summary>An invitation, as those see it who look after people.</summary>
/// <param name="State">How far it is.</param>
/// <param name="At">Since when.</param>
/// <param name="ExpiresAt">When its link stops working; null unless sent.</param>
public sealed record InvitationView(InvitationState State, DateTimeOffset At, DateTimeOffset? ExpiresAt)
{
    /// <summary>Of people who are invited, by their id; the others have none.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, InvitationView>> OfAsync(ControlPlaneDb db, IReadOnlyCollection<Guid> people, DateTimeOffset now, CancellationToken ct)
    {
        if (people.Count == 0) return new Dictionary<Guid, InvitationView>();
        var wanted = await db.OrganizationMembers.AsNoTracking().Where(m => people.Contains(m.PersonId) && m.InvitationWantedAt != null).ToDictionaryAsync(m => m.PersonId, m => m.InvitationWantedAt!.Value, ct);
        var links = await db.MailLinks.AsNoTracking().Where(l => people.Contains(l.PersonId) && l.Kind == MailLinkKind.Invitation).ToDictionaryAsync(l => l.PersonId, ct);
        return people.Distinct().Select(id => (Id: id, View: wanted.TryGetValue(id, out var at) ? new InvitationView(InvitationState.Waiting, at, null) : links.TryGetValue(id, out var link) ? Of(link, now) : null))
            .Where(p => p.View is not null).ToDictionary(p => p.Id, p => p.View!);
    }

    private static InvitationView Of(MailLink link, DateTimeOffset now) => link.State switch
    {
        MailLinkState.Waiting => new(InvitationState.Waiting, link.CreatedAt, null),
        MailLinkState.Refused => new(InvitationState.Refused, link.ChangedAt, null),
        _ when link.ExpiresAt <= now => new(InvitationState.Expired, link.ExpiresAt, null),
        _ => new(InvitationState.Sent, link.ChangedAt, link.ExpiresAt),
    };
}
