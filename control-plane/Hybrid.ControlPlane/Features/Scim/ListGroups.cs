using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Lists groups for the directory: those that fit a filter, page by page.</summary>
public static class ListGroups
{
    internal static void Map(IEndpointRouteBuilder groups) => groups.MapGet("", Endpoint).WithName("Scim" + nameof(ListGroups));

    private static async Task<IResult> Endpoint(IMediator mediator, HttpContext http, CancellationToken ct) =>
        ScimHttp.List(http, await mediator.Send(new Query { Wanted = ScimWanted.Of(http.Request), WithMembers = WantsMembers(http.Request) }, ct));

    // Directories list groups without their members, which may be thousands each.
    private static bool WantsMembers(HttpRequest request) =>
        !request.Query["excludedAttributes"].ToString().Contains("members", StringComparison.OrdinalIgnoreCase)
        && (request.Query["attributes"].ToString() is not { Length: > 0 } wanted || wanted.Contains("members", StringComparison.OrdinalIgnoreCase));

    /// <summary>Which page of which.</summary>
    [Act(Acts.DirectoryProvision)]
    internal sealed record Query : IQuery<ScimPage>
    {
        internal required ScimWanted Wanted { get; init; }

        internal required bool WithMembers { get; init; }
    }

    internal sealed class Handler(DirectoryGroups directory) : IRequestHandler<Query, Result<ScimPage>>
    {
        public async Task<Result<ScimPage>> Handle(Query query, CancellationToken ct) => await ScimResult.OfAsync<ScimPage>(async () =>
        {
            var teams = directory.Rows();
            if (!string.IsNullOrWhiteSpace(query.Wanted.Filter)) teams = teams.Where(directory.Query().Where(ScimFilter.Parse(query.Wanted.Filter)));
            var (first, size) = (query.Wanted.First, query.Wanted.Size);
            var total = await teams.CountAsync(ct);
            var page = size == 0 ? [] : await teams.OrderBy(t => t.Id).Skip(first - 1).Take(size).ToListAsync(ct);
            return new ScimPage(await directory.ResourcesAsync(page, query.WithMembers, ct), total, first);
        });
    }
}
