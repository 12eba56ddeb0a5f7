using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>A further proof that it is the person of the session: a wrong one counts against guessing, a right one gives a new cookie; both are in the log.</summary>
internal sealed class SessionProof(ControlPlaneDb db, ICurrentUser user, SignInDelays delays, PasskeyCeremonies passkeys, SessionViews views, AuditTrail audit, TimeProvider clock, IHttpContextAccessor http)
{
    /// <summary>Checks a passkey's answer and gives what it is for.</summary>
    /// <param name="answer">The answer, to this session's question.</param>
    /// <param name="grant">What the session gains, beside being fresh.</param>
    /// <param name="may">Whether the session is one that can gain it.</param>
    /// <param name="act">The act for the log.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Results<Ok<SessionView>, ProblemHttpResult>> GiveByPasskeyAsync(
        PasskeyAnswer answer, Action<Persistence.Session> grant, Func<Persistence.Session, bool> may, string act, CancellationToken ct)
    {
        var shape = new PasskeyAnswerRule().Validate(answer);
        if (!shape.IsValid) return ResultToHttp.ToProblem(SessionErrors.PasskeyRefused);
        var verdict = PasskeyVerdict.Wrong;
        return await GiveAsync(
            async (session, person) => may(session) && (verdict = await passkeys.JudgeAsync(person, session.Id, answer, ct)) == PasskeyVerdict.Right,
            grant, act, _ => SessionErrors.PasskeyRefused, ct, () => verdict == PasskeyVerdict.CountedBack ? AuditActs.PasskeyCountedBack : AuditActs.SessionFactorRefused);
    }

    /// <summary>Checks the proof and gives what it is for.</summary>
    /// <param name="isRight">Whether it is; asked only when no pause is on.</param>
    /// <param name="grant">What the session gains, beside being fresh.</param>
    /// <param name="act">The act for the log.</param>
    /// <param name="refusal">The answer to a wrong one.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="refused">The act of a wrong one; null = that a factor was refused.</param>
    public async Task<Results<Ok<SessionView>, ProblemHttpResult>> GiveAsync(
        Func<Persistence.Session, Person, Task<bool>> isRight, Action<Persistence.Session> grant, string act, Func<Person, Error> refusal, CancellationToken ct, Func<string>? refused = null)
    {
        var email = await db.Users.Where(p => p.Id == user.PersonId).Select(p => p.Email!).SingleAsync(ct);
        var (counted, early) = await delays.BeginAsync("factor", email, ct);
        if (early is not null) return ResultToHttp.ToProblem(early);
        await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct))
        {
            var session = await db.Sessions.SingleAsync(s => s.Id == user.SessionId, ct);
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (!await isRight(session, person))
            {
                audit.RecordAs(ActorKind.User, person.Id, refused?.Invoke() ?? AuditActs.SessionFactorRefused, null, [session.Id]);
                await scope.CommitAsync(ct);
                return ResultToHttp.ToProblem(refusal(person));
            }

            await delays.SucceededAsync(counted!, ct);
            var now = clock.GetUtcNow();
            // A session that waits has no page at work yet, and its old cookie must never be worth more than it was.
            var token = session.UnlockedAt is null ? SessionStore.Renew(session) : SessionStore.RenewUnderWay(session, now);
            session.SteppedUpAt = session.LastActiveAt = now;
            grant(session);
            audit.RecordAs(ActorKind.User, person.Id, act, null, [session.Id]);
            await scope.CommitAsync(ct);
            var ticket = SessionStore.Ticket(session, user.OrganizationRole, user.MfaFrom, token);
            await http.HttpContext!.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        }

        return TypedResults.Ok(await views.OfAsync(user.OrganizationId, user.SessionId, ct));
    }
}
