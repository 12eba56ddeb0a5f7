using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Lists users for the directory: those that fit a filter, page by page.</summary>
public static class ListUsers
{
    internal static void Map(IEndpointRouteBuilder users) => users.MapGet("", Endpoint).WithName("Scim" + nameof(ListUsers));

    private static async Task<IResult> Endpoint(IMediator mediator, HttpContext http, CancellationToken ct) =>
        ScimHttp.List(http, await mediator.Send(new Query { Wanted = ScimWanted.Of(http.Request) }, ct));

    /// <summary>Which page of which.</summary>
    [Act(Acts.DirectoryProvision)]
    internal sealed record Query : IQuery<ScimPage>
    {
        internal required ScimWanted Wanted { get; init; }
    }

    internal sealed class Handler(DirectoryPeople directory) : IRequestHandler<Query, Result<ScimPage>>
    {
        public async Task<Result<ScimPage>> Handle(Query query, CancellationToken ct) => await ScimResult.OfAsync<ScimPage>(async () =>
        {
            var rows = directory.Rows();
            if (!string.IsNullOrWhiteSpace(query.Wanted.Filter)) rows = rows.Where(DirectoryPeople.Query.Where(ScimFilter.Parse(query.Wanted.Filter)));
            var (first, size) = (query.Wanted.First, query.Wanted.Size);
            var total = await rows.CountAsync(ct);
            var page = size == 0 ? [] : await rows.OrderBy(r => r.Id).Skip(first - 1).Take(size).ToListAsync(ct);
            return new ScimPage(await directory.ResourcesAsync(page, ct), total, first);
        });
    }
}
