using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Gives a team another name.</summary>
public static class RenameTeam
{
    internal static void Map(IEndpointRouteBuilder teams) =>
        teams.MapPut("/{teamId:guid}", Endpoint).WithName(nameof(RenameTeam)).WithSummary("Renames a team.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid teamId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(teamId, body.Name), ct)).ToHttp();

    /// <summary>The new name.</summary>
    public sealed record Body(string Name);

    /// <summary>Renames it.</summary>
    [Act(Acts.TeamsManage)]
    [Audits(AuditActs.TeamRenamed)]
    public sealed record Command(Guid TeamId, string Name) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Name).IsName(200);
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var team = await db.Teams.SingleOrDefaultAsync(t => t.Id == command.TeamId, ct);
            if (team is null) return RequestErrors.NotFound;
            if (team.Source != TeamSource.Manual) return TeamErrors.Synchronized;
            var name = Team.Normalize(command.Name);
            if (await db.Teams.AnyAsync(t => t.NormalizedName == name && t.Id != team.Id, ct)) return TeamErrors.NameTaken;
            team.Rename(command.Name);
            audit.Record(AuditActs.TeamRenamed, null, [team.Id]);
            return Done.Value;
        }
    }
}
