using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Lists the organization's people by name, page by page.</summary>
public static class ListPeople
{
    internal static void Map(IEndpointRouteBuilder people) => people.MapGet("", Endpoint).WithName(nameof(ListPeople)).WithSummary("People of the organization.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, string? after = null, int limit = 100) =>
        (await mediator.Send(new Query(after, limit), ct)).ToHttp();

    /// <summary>A page after a name.</summary>
    [Act(Acts.PeopleManage)]
    public sealed record Query(string? After, int Limit) : IQuery<Response>;

    /// <summary>A page.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <summary>A person; the e-mail address is shown to those alone who manage people.</summary>
    public sealed record Item(PersonRef Person, string Email, OrganizationRole Role, int Projects, DateTimeOffset CreatedAt);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var limit = Math.Clamp(query.Limit, 1, 200);
            var rows = await (
                from m in db.OrganizationMembers.AsNoTracking()
                join p in db.Users on m.PersonId equals p.Id
                where query.After == null || string.Compare(p.DisplayName + " " + p.Id, query.After) > 0
                orderby p.DisplayName + " " + p.Id
                select new { p.Id, p.DisplayName, p.Email, m.Role, m.CreatedAt, Projects = db.ProjectMembers.Count(x => x.PersonId == p.Id) })
                .Take(limit + 1).ToListAsync(ct);
            var items = rows.Take(limit).Select(r => new Item(new PersonRef(r.Id.ToString(), r.DisplayName), r.Email ?? "", r.Role, r.Projects, r.CreatedAt)).ToList();
            return new Response(items, rows.Count > limit ? $"{rows[limit - 1].DisplayName} {rows[limit - 1].Id}" : null);
        }
    }
}
