using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Lists a project's members.</summary>
public static class ListMembers
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapGet("/{projectId:guid}/members", Endpoint).WithName(nameof(ListMembers)).WithSummary("Members of the project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(projectId, after, limit, search), ct)).ToHttp();

    /// <summary>A page after a member, of those whose name contains a text.</summary>
    [Act(Acts.MembersView)]
    public sealed record Query(Guid ProjectId, Guid? After, int Limit, string? Search) : IQuery<Response>, IInProject;

    /// <summary>Members by name, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    /// <summary>One member.</summary>
    public sealed record Item(PersonRef Person, ProjectRole Role, DateTimeOffset Since);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var members = from m in db.ProjectMembers.AsNoTracking() join p in db.Users.AsNoTracking() on m.PersonId equals p.Id where m.ProjectId == query.ProjectId select new { Member = m, p.DisplayName };
            if (!string.IsNullOrWhiteSpace(query.Search))
            {
                var text = query.Search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
                members = members.Where(x => x.DisplayName.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
            }

            int? total = query.After is null ? await members.CountAsync(ct) : null;
            if (query.After is { } after)
            {
                var name = await db.Users.Where(p => p.Id == after).Select(p => p.DisplayName).SingleOrDefaultAsync(ct);
                if (name is null) return RequestErrors.NotFound;
                members = members.Where(x => string.Compare(x.DisplayName, name) > 0 || (x.DisplayName == name && x.Member.PersonId > after));
            }

            var rows = await members.OrderBy(x => x.DisplayName).ThenBy(x => x.Member.PersonId).Take(query.Limit + 1).Select(x => x.Member).ToListAsync(ct);
            var page = rows.Take(query.Limit).ToList();
            var refs = await people.NamedAsync(page.Select(m => m.PersonId), ct);
            return new Response(
                [.. page.Where(m => refs.ContainsKey(m.PersonId)).Select(m => new Item(refs[m.PersonId], m.Role, m.CreatedAt))],
                rows.Count > query.Limit ? page[^1].PersonId : null,
                total);
        }
    }
}
