using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Takes a group away at the directory's word.</summary>
public static class RemoveGroup
{
    internal static void Map(IEndpointRouteBuilder groups) => groups.MapDelete("/{id}", Endpoint).WithName("Scim" + nameof(RemoveGroup)).Audits(AuditActs.TeamDeleted);

    private static async Task<IResult> Endpoint(string id, IMediator mediator, HttpContext http, CancellationToken ct) =>
        ScimHttp.Empty(await mediator.Send(new Command(id, ScimHttp.IfMatch(http)), ct));

    /// <summary>Which one.</summary>
    [Act(Acts.DirectoryProvision)]
    [Audits(AuditActs.TeamDeleted)]
    public sealed record Command(string Id, string? IfMatch) : ICommand<Done>, ITakesTurns
    {
        /// <summary>Two changes of a group that are worked out from the same members would lose one.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"scim groups {personId}";
    }

    internal sealed class Handler(DirectoryGroups directory) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct) =>
            Guid.TryParse(command.Id, out var id) ? await directory.RemoveAsync(id, command.IfMatch, ct) : RequestErrors.NotFound;
    }
}
