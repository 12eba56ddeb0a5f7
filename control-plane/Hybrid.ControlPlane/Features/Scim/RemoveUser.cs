using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Takes a user away at the directory's word.</summary>
public static class RemoveUser
{
    internal static void Map(IEndpointRouteBuilder users) => users.MapDelete("/{id}", Endpoint).WithName("Scim" + nameof(RemoveUser)).Audits(AuditActs.PersonDirectoryChanged);

    private static async Task<IResult> Endpoint(string id, IMediator mediator, HttpContext http, CancellationToken ct) =>
        ScimHttp.Empty(await mediator.Send(new Command(id, ScimHttp.IfMatch(http)), ct));

    /// <summary>Which one.</summary>
    [Act(Acts.DirectoryProvision)]
    [Audits(AuditActs.PersonDirectoryChanged)]
    public sealed record Command(string Id, string? IfMatch) : ICommand<Done>, ITakesTurns
    {
        /// <summary>Two owners who are taken away at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => "organization roles";
    }

    internal sealed class Handler(DirectoryPeople directory) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct) =>
            Guid.TryParse(command.Id, out var id) ? await directory.RemoveAsync(id, command.IfMatch, ct) : RequestErrors.NotFound;
    }
}
