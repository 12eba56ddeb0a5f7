using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>Makes an account for a program: it gets roles as people do, and acts by API keys only.</summary>
public static class CreateServiceAccount
{
    internal static void Map(IEndpointRouteBuilder accounts) => accounts.MapPost("", Endpoint).WithName(nameof(CreateServiceAccount)).WithSummary("Makes a service account.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The account.</summary>
    [Act(Acts.KeysManage)]
    [StepUp]
    [Audits(AuditActs.ServiceAccountCreated)]
    public sealed record Command(string Name, OrganizationRole Role) : ICommand<Response>;

    /// <summary>Its id, by which it is added to projects like a person.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Name).IsName(200);
            // An owner rules over people who can answer for it.
            RuleFor(c => c.Role).IsInEnum().NotEqual(OrganizationRole.Owner).WithMessage("A service account is a member or an admin.");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            // Neither address nor password: nothing that a sign-in could find.
            db.Users.Add(new Person { Id = id, UserName = $"service-{id:N}", NormalizedUserName = $"SERVICE-{id:N}".ToUpperInvariant(), DisplayName = command.Name.Trim(), IsServiceAccount = true, CreatedAt = now });
            db.OrganizationMembers.Add(OrganizationMember.Create(user.OrganizationId, id, command.Role, now));
            audit.Record(AuditActs.ServiceAccountCreated, null, [id], new { role = command.Role.ToString() });
            return Task.FromResult<Result<Response>>(new Response(id));
        }
    }
}
