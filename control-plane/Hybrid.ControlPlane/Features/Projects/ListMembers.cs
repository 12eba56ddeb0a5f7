using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Lists a project's members, those by teams as well.</summary>
public static class ListMembers
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapGet("/{projectId:guid}/members", Endpoint).WithName(nameof(ListMembers)).WithSummary("Members of the project.").Sends<Query>();

    private static async Task<Results<Ok<MemberPage>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(projectId, after, limit, search), ct)).ToHttp();

    /// <summary>A page after a member, of those whose name contains a text.</summary>
    [Act(Acts.MembersView)]
    public sealed record Query(Guid ProjectId, Guid? After, int Limit, string? Search) : IQuery<MemberPage>, IInProject;

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(MemberList members) : IRequestHandler<Query, Result<MemberPage>>
    {
        public Task<Result<MemberPage>> Handle(Query query, CancellationToken ct) => members.PageAsync(query.ProjectId, query.After, query.Limit, query.Search, ct);
    }
}
