using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Adds a group at the directory's word.</summary>
public static class AddGroup
{
    internal static void Map(IEndpointRouteBuilder groups) => groups.MapPost("", Endpoint).WithName("Scim" + nameof(AddGroup)).Audits(AuditActs.TeamCreated);

    private static async Task<IResult> Endpoint(IMediator mediator, HttpContext http, CancellationToken ct) => await ScimHttp.WithBodyAsync(
        http.Request, DirectoryGroups.Urn, async body => ScimHttp.Resource(http, await mediator.Send(new Command(body), ct), StatusCodes.Status201Created), ct);

    /// <summary>The resource as it was sent.</summary>
    [Act(Acts.DirectoryProvision)]
    [Audits(AuditActs.TeamCreated)]
    public sealed record Command(JsonObject Resource) : ICommand<JsonObject>;

    internal sealed class Handler(DirectoryGroups directory) : IRequestHandler<Command, Result<JsonObject>>
    {
        public async Task<Result<JsonObject>> Handle(Command command, CancellationToken ct) => await ScimResult.OfAsync<JsonObject>(async () =>
        {
            var added = await directory.AddAsync(command.Resource, ct);
            return added.IsSuccess ? (await directory.ResourceAsync(added.Value, ct))! : added.Refusal!;
        });
    }
}
