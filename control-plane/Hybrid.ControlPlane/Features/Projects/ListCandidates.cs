using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>People of the organization who could become members, by a few letters of their name.</summary>
public static class ListCandidates
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapGet("/{projectId:guid}/members/candidates", Endpoint).WithName(nameof(ListCandidates)).WithSummary("People who are not members yet.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, int limit = 20, string? search = null) =>
        (await mediator.Send(new Query(projectId, limit, search), ct)).ToHttp();

    /// <summary>The first by name whose name contains a text.</summary>
    [Act(Acts.MembersManage)]
    public sealed record Query(Guid ProjectId, int Limit, string? Search) : IQuery<Response>, IInProject;

    /// <summary>People by name; more tells that others match as well.</summary>
    public sealed record Response(IReadOnlyList<PersonRef> Items, bool More);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 100);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var others = from m in db.OrganizationMembers.AsNoTracking()
                join p in db.Users.AsNoTracking() on m.PersonId equals p.Id
                where m.Status != Domain.Organizations.MemberStatus.Deactivated && !db.ProjectMembers.Any(x => x.ProjectId == query.ProjectId && x.PersonId == m.PersonId)
                select new { p.Id, p.DisplayName };
            if (!string.IsNullOrWhiteSpace(query.Search))
            {
                var text = query.Search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
                others = others.Where(x => x.DisplayName.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
            }

            var ids = await others.OrderBy(x => x.DisplayName).ThenBy(x => x.Id).Take(query.Limit + 1).Select(x => x.Id).ToListAsync(ct);
            var refs = await people.NamedAsync(ids, ct);
            return new Response([.. ids.Take(query.Limit).Where(refs.ContainsKey).Select(id => refs[id])], ids.Count > query.Limit);
        }
    }
}
