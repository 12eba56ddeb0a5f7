using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Mail;

/// <summary>
/// Turns wishes into links and sends them, on any replica: 1. new passwords that are wanted, 2. invitations that are wanted, 3. issues and
/// questions that have waited for half an hour, in at most one mail a day to each, 4. one mail that is due.
/// A wish goes in the transaction that makes its link, and a link waits until a mail server has taken it, so that a crash loses nothing; at worst
/// a mail comes twice, and the newer link counts.
/// </summary>
internal sealed partial class MailWorker(IServiceScopeFactory scopes, ControlPlaneOptions options, MailTransport transport, TimeProvider clock, ILogger<MailWorker> logger) : StepWorker(TimeSpan.FromSeconds(2))
{
    private const int Batch = 200;

    // Whoever types somebody's address again and again fills no mailbox with it.
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(5);

    // Whoever sits in front of the page has seen it by then.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BetweenDigests = TimeSpan.FromHours(24);

    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        if (!options.Mail.IsOn) return false;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        return await ResetAsync(db, ct) || await InviteAsync(db, ct) || await DigestAsync(db, ct) || await SendAsync(db, scope.ServiceProvider.GetRequiredService<AuditTrail>(), ct);
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    // 1
    private async Task<bool> ResetAsync(ControlPlaneDb db, CancellationToken ct)
    {
        var asked = await db.PasswordResetRequests.AsNoTracking().OrderBy(r => r.AskedAt).FirstOrDefaultAsync(ct);
        if (asked is null) return false;
        var wish = db.PasswordResetRequests.Where(r => r.NormalizedEmail == asked.NormalizedEmail);
        var person = await db.Users.AsNoTracking().Where(p => p.NormalizedEmail == asked.NormalizedEmail && !p.IsServiceAccount && p.PasswordHash != null).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(ct);
        var member = person is null ? null : await db.Through(Doors.MembershipsOfPerson, person.Value).Where(m => m.Status == MemberStatus.Active).OrderBy(m => m.CreatedAt).FirstOrDefaultAsync(ct);
        if (member is null)
        {
            await wish.ExecuteDeleteAsync(ct);
            return true;
        }

        await using var tenant = await TenantScope.OpenAsync(db, member.OrganizationId, null, ct, $"mail of {member.OrganizationId}");
        var now = clock.GetUtcNow();
        // Where single sign-on is enforced a password lets nobody in, save those who break the glass.
        var provider = await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(ct);
        var useless = provider is { Enforced: true } && !(member.Role == OrganizationRole.Owner && provider.BreakGlass.Contains(member.PersonId));
        if (await wish.ExecuteDeleteAsync(ct) == 1 && !useless && !await LinksOf(db, member.PersonId, MailLinkKind.PasswordReset).AnyAsync(l => l.CreatedAt > now - Between && l.State != MailLinkState.Refused, ct))
        {
            await LinksOf(db, member.PersonId, MailLinkKind.PasswordReset).ExecuteDeleteAsync(ct);
            db.MailLinks.Add(MailLink.Ask(member.OrganizationId, member.PersonId, MailLinkKind.PasswordReset, now));
        }

        await tenant.CommitAsync(ct);
        return true;
    }

    // 2
    private async Task<bool> InviteAsync(ControlPlaneDb db, CancellationToken ct)
    {
        var organization = await db.Through(Doors.InvitationsWanted).OrderBy(m => m.InvitationWantedAt).Select(m => (Guid?)m.OrganizationId).FirstOrDefaultAsync(ct);
        if (organization is not { } id) return false;
        await using var tenant = await TenantScope.OpenAsync(db, id, null, ct, $"mail of {id}");
        var members = await db.OrganizationMembers.Where(m => m.InvitationWantedAt != null).OrderBy(m => m.InvitationWantedAt).Take(Batch).ToListAsync(ct);
        var people = members.ConvertAll(m => m.PersonId);
        await db.MailLinks.Where(l => people.Contains(l.PersonId) && l.Kind == MailLinkKind.Invitation).ExecuteDeleteAsync(ct);
        foreach (var member in members)
        {
            member.InvitationSent();
            db.MailLinks.Add(MailLink.Ask(id, member.PersonId, MailLinkKind.Invitation, clock.GetUtcNow()));
        }

        await tenant.CommitAsync(ct);
        return true;
    }

    // 3
    private async Task<bool> DigestAsync(ControlPlaneDb db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var waiting = await db.Through(Doors.ThreadsToTellBefore, now - Quiet).OrderBy(p => p.TellSince).Select(p => new { p.OrganizationId, p.PersonId }).FirstOrDefaultAsync(ct);
        if (waiting is null) return false;
        await using var tenant = await TenantScope.OpenAsync(db, waiting.OrganizationId, null, ct, $"mail of {waiting.OrganizationId}");
        var parts = db.ThreadPeople.Where(p => p.PersonId == waiting.PersonId && p.TellSince != null);
        var last = await LinksOf(db, waiting.PersonId, MailLinkKind.Digest).Where(l => l.CreatedAt > now - BetweenDigests).Select(l => (DateTimeOffset?)l.CreatedAt).SingleOrDefaultAsync(ct);
        if (last is { } sent)
        {
            // Put off to when the next one may go, so that others are not kept waiting behind it.
            var next = sent + BetweenDigests;
            await parts.ExecuteUpdateAsync(s => s.SetProperty(p => p.TellSince, next), ct);
        }
        else
        {
            await parts.ExecuteUpdateAsync(s => s.SetProperty(p => p.TellSince, (DateTimeOffset?)null), ct);
            await LinksOf(db, waiting.PersonId, MailLinkKind.Digest).ExecuteDeleteAsync(ct);
            var reachable = await db.OrganizationMembers.AnyAsync(m => m.PersonId == waiting.PersonId && m.Status == MemberStatus.Active, ct)
                && await db.Users.AnyAsync(p => p.Id == waiting.PersonId && !p.IsServiceAccount && p.Email != null, ct);
            if (reachable) db.MailLinks.Add(MailLink.Ask(waiting.OrganizationId, waiting.PersonId, MailLinkKind.Digest, now));
        }

        await tenant.CommitAsync(ct);
        return true;
    }

    // 4
    private async Task<bool> SendAsync(ControlPlaneDb db, AuditTrail audit, CancellationToken ct)
    {
        // Who waits for a new password sits in front of the page.
        var due = await db.Through(Doors.MailDueAt, clock.GetUtcNow()).OrderByDescending(l => l.Kind).ThenBy(l => l.NextAttemptAt).Select(l => new { l.Id, l.OrganizationId }).FirstOrDefaultAsync(ct);
        if (due is null) return false;
        var (token, hash) = MailLinks.NewToken();
        string to, language;
        MailLinkKind kind;
        await using (var tenant = await TenantScope.OpenAsync(db, due.OrganizationId, null, ct, $"mail {due.Id}"))
        {
            var link = await db.MailLinks.SingleOrDefaultAsync(l => l.Id == due.Id, ct);
            if (link is null) return true;
            var person = await db.Users.AsNoTracking().SingleAsync(p => p.Id == link.PersonId, ct);
            var begun = link.BeginAttempt(hash, MailLinks.BoundTo(person), clock.GetUtcNow());
            if (link.State == MailLinkState.Refused) audit.RecordAs(ActorKind.System, null, AuditActs.MailRefused, null, [link.PersonId], new { kind = link.Kind.ToString() });
            (to, language, kind) = (person.Email!, person.Language ?? options.Mail.Language, link.Kind);
            await tenant.CommitAsync(ct);
            if (!begun) return true;
        }

        Action<MailLink> outcome;
        var went = true;
        try
        {
            var address = kind == MailLinkKind.Digest ? new Uri(options.PublicUrl, "/projects") : new Uri(options.PublicUrl, $"{(kind == MailLinkKind.Invitation ? "/join" : "/reset")}#{token}");
            var (subject, body) = MailTexts.Of(language, kind, address);
            await transport.SendAsync(to, language, subject, body, ct);
            outcome = link => link.Delivered(clock.GetUtcNow());
        }
        catch (MailRefusedException)
        {
            outcome = link => link.Refuse(clock.GetUtcNow());
        }
        catch (Exception failed) when (failed is not (OperationCanceledException or OutOfMemoryException))
        {
            SendFailed(failed.GetType().Name);
            outcome = link => link.TryLater(clock.GetUtcNow());
            went = false;
        }

        await using (var tenant = await TenantScope.OpenAsync(db, due.OrganizationId, null, ct, $"mail {due.Id}"))
        {
            // Gone or begun anew meanwhile: then this attempt says nothing about it.
            var link = await db.MailLinks.SingleOrDefaultAsync(l => l.Id == due.Id && l.TokenHash == hash && l.State == MailLinkState.Waiting, ct);
            if (link is null) return true;
            outcome(link);
            if (link.State != MailLinkState.Waiting) audit.RecordAs(ActorKind.System, null, link.State == MailLinkState.Sent ? AuditActs.MailSent : AuditActs.MailRefused, null, [link.PersonId], new { kind = link.Kind.ToString() });
            await tenant.CommitAsync(ct);
        }

        // A server that is away is left alone for a moment.
        return went;
    }

    private static IQueryable<MailLink> LinksOf(ControlPlaneDb db, Guid person, MailLinkKind kind) => db.MailLinks.Where(l => l.PersonId == person && l.Kind == kind);

    [LoggerMessage(1440, LogLevel.Warning, "Mails could not be prepared ({Kind}); it is tried again")]
    private partial void StepFailed(string kind);

    [LoggerMessage(1441, LogLevel.Warning, "A mail could not be handed to the mail server ({Kind}); it is tried again")]
    private partial void SendFailed(string kind);
}
