using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Makes an agent that waits for its enrolment.</summary>
public static class CreateAgent
{
    internal static void Map(IEndpointRouteBuilder agents) => agents.MapPost("", Endpoint).WithName(nameof(CreateAgent)).WithSummary("Makes an agent.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>Its name.</summary>
    [Act(Acts.AgentManage)]
    [StepUp]
    [Audits(AuditActs.AgentCreated)]
    public sealed record Command(string Name) : ICommand<Response>;

    /// <summary>The agent.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Name).IsName(100);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var name = command.Name.Trim();
            if (await db.Agents.AnyAsync(a => a.Name == name, ct)) return AgentErrors.NameTaken;
            var agent = Agent.Create(user.OrganizationId, name, clock.GetUtcNow());
            db.Agents.Add(agent);
            audit.Record(AuditActs.AgentCreated, null, [agent.Id]);
            return new Response(agent.Id);
        }
    }
}
