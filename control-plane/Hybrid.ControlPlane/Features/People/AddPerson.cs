using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Adds a person to the organization, with a first password or by an invitation.</summary>
public static class AddPerson
{
    internal static void Map(IEndpointRouteBuilder people) => people.MapPost("", Endpoint).WithName(nameof(AddPerson)).WithSummary("Adds a person.").Sends<Command>();

    private static async Task<Results<Ok<PersonRef>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The person; without a password they are invited by mail and choose their own.</summary>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.PersonAdded, AuditActs.PersonInvited)]
    public sealed record Command(string Email, string Name, OrganizationRole Role, string? Password) : ICommand<PersonRef>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Email).NotEmpty().EmailAddress().MaximumLength(256);
            RuleFor(c => c.Name).IsName(200);
            RuleFor(c => c.Password).Length(PasswordRules.MinLength, PasswordRules.MaxLength).When(c => c.Password is not null);
            RuleFor(c => c.Role).IsInEnum();
        }
    }

    internal sealed class Handler(ControlPlaneDb db, UserManager<Person> users, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<PersonRef>>
    {
        public async Task<Result<PersonRef>> Handle(Command command, CancellationToken ct)
        {
            if (command.Role > user.OrganizationRole) return RequestErrors.Forbidden;
            var now = clock.GetUtcNow();
            if (command.Password is null && await users.FindByEmailAsync(command.Email.Trim()) is { IsServiceAccount: false } known && !await db.OrganizationMembers.AnyAsync(m => m.PersonId == known.Id, ct))
            {
                // Somebody who has an account, from another organization: it stays theirs, and whether they join is up to them. Till then its name is none of ours.
                db.OrganizationMembers.Add(OrganizationMember.Invite(user.OrganizationId, known.Id, command.Role, now));
                audit.Record(AuditActs.PersonInvited, null, [known.Id], new { role = command.Role.ToString() });
                return new PersonRef(known.Id.ToString(), known.Email!);
            }

            var person = new Person { Id = Guid.CreateVersion7(now), UserName = command.Email.Trim(), Email = command.Email.Trim(), DisplayName = command.Name.Trim(), CreatedAt = now };
            var created = command.Password is { } password ? await users.CreateAsync(person, password) : await users.CreateAsync(person);
            if (!created.Succeeded) return PeopleErrors.NotAdded(created);
            db.OrganizationMembers.Add(command.Password is null ? OrganizationMember.Invite(user.OrganizationId, person.Id, command.Role, now) : OrganizationMember.Create(user.OrganizationId, person.Id, command.Role, now));
            audit.Record(command.Password is null ? AuditActs.PersonInvited : AuditActs.PersonAdded, null, [person.Id], new { role = command.Role.ToString() });
            return new PersonRef(person.Id.ToString(), person.DisplayName);
        }
    }
}

/// <summary>Refusals about people.</summary>
internal static class PeopleErrors
{
    public static Error NotAdded(IdentityResult result) => result.Errors.Any(e => e.Code == BreachedPasswordValidator.Code) ? PasswordRules.Unfit(result) : new(
        ErrorKind.Conflict, "person.not_added", "The person could not be added.", "Nothing was changed. " + string.Join(" ", result.Errors.Select(e => e.Description)));
}
