using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Lists the projects where the caller has a role; others do not exist for them.</summary>
public static class ListProjects
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapGet("", Endpoint).WithName(nameof(ListProjects)).WithSummary("Projects where you have a role.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(after, limit, search), ct)).ToHttp();

    /// <summary>A page of one's own projects, of those whose name contains a text.</summary>
    [Act(Acts.OrganizationUse)]
    public sealed record Query(Guid? After, int Limit, string? Search) : IQuery<Response>;

    /// <summary>Projects by name, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    /// <summary>One project.</summary>
    public sealed record Item(Guid Id, string Name, string Description, ProjectRole Role, Progress Progress, bool Archived);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ProjectProgress progress, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var known = user.Key?.Projects?.ToList();
            var roles = Places.At(db, clock.GetUtcNow()).Where(p => p.PersonId == user.PersonId).GroupBy(p => p.ProjectId).Select(g => new { ProjectId = g.Key, Role = g.Max(p => p.Role) });
            var mine = from r in roles join p in db.Projects.AsNoTracking() on r.ProjectId equals p.Id where p.DeletedAt == null && (known == null || known.Contains(p.Id)) select new { Project = p, r.Role };
            if (!string.IsNullOrWhiteSpace(query.Search))
            {
                var text = query.Search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
                mine = mine.Where(x => x.Project.Name.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
            }

            int? total = query.After is null ? await mine.CountAsync(ct) : null;
            if (query.After is { } after)
            {
                // Only a project of one's own is a place to go on from: the answer tells nothing about others.
                var name = await mine.Where(x => x.Project.Id == after).Select(x => x.Project.Name).SingleOrDefaultAsync(ct);
                if (name is null) return RequestErrors.NotFound;
                mine = mine.Where(x => string.Compare(x.Project.Name, name) > 0 || (x.Project.Name == name && x.Project.Id > after));
            }

            var rows = await mine.OrderBy(x => x.Project.Name).ThenBy(x => x.Project.Id)
                .Select(x => new { x.Project.Id, x.Project.Name, x.Project.Description, x.Role, x.Project.ArchivedAt, IsMeasured = x.Project.HasConsensus || x.Project.HasHoneypots }).Take(query.Limit + 1).ToListAsync(ct);
            var page = rows.Take(query.Limit).ToList();
            var of = await progress.OfAsync([.. page.Select(p => p.Id)], ct);
            return new Response([.. page.Select(p => new Item(p.Id, p.Name, p.Description, (ProjectRole)p.Role, p.IsMeasured && (ProjectRole)p.Role < ProjectRole.TeamManager ? of[p.Id].Coarse() : of[p.Id], p.ArchivedAt is not null))], rows.Count > query.Limit ? page[^1].Id : null, total);
        }
    }
}
