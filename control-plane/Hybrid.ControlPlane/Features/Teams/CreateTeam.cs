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
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Makes a team that admins look after.</summary>
public static class CreateTeam
{
    internal static void Map(IEndpointRouteBuilder teams) =>
        teams.MapPost("", Endpoint).WithName(nameof(CreateTeam)).WithSummary("Makes a team.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>Its name.</summary>
    /// <param name="Name">1–200 characters, unique in the organization whatever the case.</param>
    [Act(Acts.TeamsManage)]
    [Audits(AuditActs.TeamCreated)]
    public sealed record Command(string Name) : ICommand<Response>;

    /// <summary>The new team.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Name).IsName(200);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var name = Team.Normalize(command.Name);
            if (await db.Teams.AnyAsync(t => t.NormalizedName == name, ct)) return TeamErrors.NameTaken;
            var team = Team.Create(user.OrganizationId, command.Name, clock.GetUtcNow());
            db.Teams.Add(team);
            audit.Record(AuditActs.TeamCreated, null, [team.Id]);
            return new Response(team.Id);
        }
    }
}
