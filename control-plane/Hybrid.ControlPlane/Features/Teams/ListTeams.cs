using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Lists the teams of the organization by name, page by page.</summary>
public static class ListTeams
{
    internal static void Map(IEndpointRouteBuilder teams) =>
        teams.MapGet("", Endpoint).WithName(nameof(ListTeams)).WithSummary("Teams of the organization.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(after, limit, search), ct)).ToHttp();

    /// <summary>A page after a team, of those whose name contains a text.</summary>
    [Act(Acts.TeamsManage)]
    public sealed record Query(Guid? After, int Limit, string? Search) : IQuery<Response>;

    /// <summary>Teams, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    /// <summary>A team; one whose source is not manual is changed at the identity provider.</summary>
    public sealed record Item(Guid Id, string Name, TeamSource Source, int People, int Projects, DateTimeOffset CreatedAt);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var teams = db.Teams.AsNoTracking();
            if (!string.IsNullOrWhiteSpace(query.Search))
            {
                var text = Team.Normalize(query.Search);
                teams = teams.Where(t => t.NormalizedName.Contains(text));
            }

            int? total = query.After is null ? await teams.CountAsync(ct) : null;
            if (query.After is { } after)
            {
                var name = await db.Teams.Where(t => t.Id == after).Select(t => t.NormalizedName).SingleOrDefaultAsync(ct);
                if (name is null) return RequestErrors.NotFound;
                teams = teams.Where(t => string.Compare(t.NormalizedName, name) > 0);
            }

            var rows = await teams.OrderBy(t => t.NormalizedName).Take(query.Limit + 1)
                .Select(t => new Item(t.Id, t.Name, t.Source, db.TeamMembers.Count(m => m.TeamId == t.Id), db.ProjectTeams.Count(p => p.TeamId == t.Id), t.CreatedAt)).ToListAsync(ct);
            return new Response([.. rows.Take(query.Limit)], rows.Count > query.Limit ? rows[query.Limit - 1].Id : null, total);
        }
    }
}
