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

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>The project.</summary>
    [Act(Acts.MembersView)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>Members, and who could become one.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, IReadOnlyList<PersonRef> Candidates);

    /// <summary>One member.</summary>
    public sealed record Item(PersonRef Person, ProjectRole Role, DateTimeOffset Since);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var members = await db.ProjectMembers.AsNoTracking().Where(m => m.ProjectId == query.ProjectId).ToListAsync(ct);
            var everybody = await db.OrganizationMembers.AsNoTracking().Select(m => m.PersonId).Take(5000).ToListAsync(ct);
            var refs = await people.OfAsync(everybody, ct);
            var items = members.Where(m => refs.ContainsKey(m.PersonId)).Select(m => new Item(refs[m.PersonId], m.Role, m.CreatedAt));
            var known = members.Select(m => m.PersonId).ToHashSet();
            return new Response(
                [.. items.OrderBy(i => i.Person.Name, StringComparer.Ordinal)],
                [.. refs.Where(r => !known.Contains(r.Key)).Select(r => r.Value).OrderBy(r => r.Name, StringComparer.Ordinal)]);
        }
    }
}
