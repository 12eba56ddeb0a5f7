using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Shows a user to the directory.</summary>
public static class ViewUser
{
    internal static void Map(IEndpointRouteBuilder users) => users.MapGet("/{id}", Endpoint).WithName("Scim" + nameof(ViewUser));

    private static async Task<IResult> Endpoint(string id, IMediator mediator, HttpContext http, CancellationToken ct) =>
        ScimHttp.Resource(http, await mediator.Send(new Query(id), ct));

    /// <summary>Which one; what is no id of the product's is nobody's.</summary>
    [Act(Acts.DirectoryProvision)]
    public sealed record Query(string Id) : IQuery<JsonObject>;

    internal sealed class Handler(DirectoryPeople directory) : IRequestHandler<Query, Result<JsonObject>>
    {
        public async Task<Result<JsonObject>> Handle(Query query, CancellationToken ct) =>
            Guid.TryParse(query.Id, out var id) && await directory.ResourceAsync(id, ct) is { } resource ? resource : RequestErrors.NotFound;
    }
}
