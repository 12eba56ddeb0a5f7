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

/// <summary>Every project of the organization, for its admins: that it exists, and how many are in it; no asset, no label.</summary>
public static class ListAllProjects
{
    internal static void Map(IEndpointRouteBuilder organization) =>
        organization.MapGet("/projects", Endpoint).WithName(nameof(ListAllProjects)).WithSummary("Every project of the organization.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(after, limit, search), ct)).ToHttp();

    /// <summary>A page after a project, of those whose name contains a text.</summary>
    [Act(Acts.ProjectsOversee)]
    public sealed record Query(Guid? After, int Limit, string? Search) : IQuery<Response>;

    /// <summary>Projects by name, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    /// <summary>A project; Role is the caller's own role there, or null.</summary>
    public sealed record Item(Guid Id, string Name, int Members, ProjectRole? Role, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt, DateTimeOffset? DeletedAt);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var all = db.Projects.AsNoTracking();
            if (!string.IsNullOrWhiteSpace(query.Search))
            {
                var text = query.Search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
                all = all.Where(p => p.Name.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
            }

            int? total = query.After is null ? await all.CountAsync(ct) : null;
            if (query.After is { } after)
            {
                var name = await db.Projects.Where(p => p.Id == after).Select(p => p.Name).SingleOrDefaultAsync(ct);
                if (name is null) return RequestErrors.NotFound;
                all = all.Where(p => string.Compare(p.Name, name) > 0 || (p.Name == name && p.Id > after));
            }

            var rows = await all.OrderBy(p => p.Name).ThenBy(p => p.Id).Take(query.Limit + 1).Select(p => new { p.Id, p.Name, p.CreatedAt, p.ArchivedAt, p.DeletedAt }).ToListAsync(ct);
            var page = rows.Take(query.Limit).ToList();
            var ids = page.Select(p => p.Id).ToList();
            var places = Places.At(db, clock.GetUtcNow()).Where(p => ids.Contains(p.ProjectId));
            var members = await places.Select(p => new { p.ProjectId, p.PersonId }).Distinct().GroupBy(p => p.ProjectId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
            var own = await places.Where(p => p.PersonId == user.PersonId).GroupBy(p => p.ProjectId).Select(g => new { g.Key, Role = g.Max(p => p.Role) }).ToDictionaryAsync(g => g.Key, g => (ProjectRole?)g.Role, ct);
            return new Response(
                [.. page.Select(p => new Item(p.Id, p.Name, members.GetValueOrDefault(p.Id), own.GetValueOrDefault(p.Id), p.CreatedAt, p.ArchivedAt, p.DeletedAt))],
                rows.Count > query.Limit ? page[^1].Id : null, total);
        }
    }
}
