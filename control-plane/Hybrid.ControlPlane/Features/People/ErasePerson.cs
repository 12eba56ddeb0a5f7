using System.Security.Cryptography;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Erases a person (GDPR 17): name, address, password and sessions go; a pseudonym stays on labels and in the log, which hold only ids.</summary>
public static class ErasePerson
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapPost("/{personId:guid}/erase", Endpoint).WithName(nameof(ErasePerson)).WithSummary("Erases a person, confirmed by their e-mail address.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(personId, body.Email), ct)).ToHttp();

    /// <summary>The person's address, typed by the one who erases.</summary>
    public sealed record Body(string Email);

    /// <summary>Whom, confirmed by their address.</summary>
    [Act(Acts.PeopleErase)]
    [StepUp]
    [Audits(AuditActs.PersonErased)]
    public sealed record Command(Guid PersonId, string Email) : ICommand<Done>, ITakesTurns
    {
        /// <summary>Two owners who leave at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => "organization roles";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Email).NotEmpty().MaximumLength(256);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, PersonDeparture departure, ILookupNormalizer normalizer, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error OtherEmail = new(ErrorKind.Invalid, "person.other_email", "The typed address is not this person's.", "Nothing was erased. Type the address exactly as it stands.");
        private static readonly Error Oneself = new(ErrorKind.Conflict, "person.oneself", "This is you.", "Nothing was erased. Ask another admin to do it.");
        private static readonly Error Elsewhere = new(ErrorKind.Conflict, "person.elsewhere", "This account is used beyond this organization.", "Nothing was erased. Deactivate the person here; the installation's operator can erase the account.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var member = await db.OrganizationMembers.SingleOrDefaultAsync(m => m.PersonId == command.PersonId, ct);
            if (member is null || member.ErasedAt is not null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, member.Role)) return RequestErrors.Forbidden;
            if (await PersonRules.IsLastOwnerAsync(db, member, ct)) return PersonRules.LastOwner;
            if (member.PersonId == user.PersonId) return Oneself;
            var person = await db.Users.SingleAsync(p => p.Id == command.PersonId, ct);
            if (person.NormalizedEmail != normalizer.NormalizeEmail(command.Email.Trim())) return OtherEmail;
            // A person stands above organizations: one must not erase what another keeps.
            if (await db.Through(Doors.MembershipsOfPerson, person.Id).AnyAsync(m => m.OrganizationId != user.OrganizationId, ct)) return Elsewhere;

            var now = clock.GetUtcNow();
            if (member.Status != MemberStatus.Deactivated) await departure.DeactivateAsync(member, ActorKind.User, user.PersonId, ct);
            member.Erase(now);
            // The address is of a kind that nobody can have (RFC 2606), and says nothing; the pseudonym is random, so that no list of names leads back.
            var gone = $"erased-{Guid.NewGuid():N}@erased.invalid";
            person.UserName = person.Email = gone;
            person.NormalizedUserName = normalizer.NormalizeName(gone);
            person.NormalizedEmail = normalizer.NormalizeEmail(gone);
            person.DisplayName = $"Erased person {RandomNumberGenerator.GetString("23456789ABCDEFGHJKMNPQRSTVWXYZ", 6)}";
            person.PasswordHash = person.AuthenticatorSeed = person.PendingSeed = person.Language = null;
            person.TwoFactorEnabled = false;
            person.PhoneNumber = null;
            person.SecurityStamp = Guid.NewGuid().ToString("N");
            await db.UserClaims.Where(c => c.UserId == person.Id).ExecuteDeleteAsync(ct);
            await db.UserLogins.Where(l => l.UserId == person.Id).ExecuteDeleteAsync(ct);
            await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ExecuteDeleteAsync(ct);
            await db.Passkeys.Where(p => p.PersonId == person.Id).ExecuteDeleteAsync(ct);
            await db.DirectoryEntries.Where(e => e.PersonId == person.Id).ExecuteDeleteAsync(ct);
            await db.ExternalLogins.Where(l => l.PersonId == person.Id).ExecuteDeleteAsync(ct);
            await db.KnownDevices.Where(d => d.PersonId == person.Id).ExecuteDeleteAsync(ct);
            await db.MailLinks.Where(l => l.PersonId == person.Id).ExecuteDeleteAsync(ct);
            await db.UserTokens.Where(t => t.UserId == person.Id).ExecuteDeleteAsync(ct);
            audit.Record(AuditActs.PersonErased, null, [person.Id]);
            return Done.Value;
        }
    }
}
