using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>The members of any project of the organization, for its admins.</summary>
public static class ListMembersOfAny
{
    internal static void Map(IEndpointRouteBuilder organization) =>
        organization.MapGet("/projects/{projectId:guid}/members", Endpoint).WithName(nameof(ListMembersOfAny)).WithSummary("Members of any project.").Sends<Query>();

    private static async Task<Results<Ok<MemberPage>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(projectId, after, limit, search), ct)).ToHttp();

    /// <summary>A page after a member, of those whose name contains a text.</summary>
    [Act(Acts.ProjectsOversee)]
    public sealed record Query(Guid Project, Guid? After, int Limit, string? Search) : IQuery<MemberPage>;

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, MemberList members) : IRequestHandler<Query, Result<MemberPage>>
    {
        public async Task<Result<MemberPage>> Handle(Query query, CancellationToken ct) =>
            await db.Projects.AnyAsync(p => p.Id == query.Project, ct) ? await members.PageAsync(query.Project, query.After, query.Limit, query.Search, ct) : RequestErrors.NotFound;
    }
}
