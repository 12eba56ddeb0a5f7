using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>One version of the guidelines: an old label was made under an old one.</summary>
public static class ViewGuidelineVersion
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapGet("/{number:int}", Endpoint).WithName(nameof(ViewGuidelineVersion)).WithSummary("One version of the guidelines.").Sends<Query>();

    private static async Task<Results<Ok<GuidelineView>, ProblemHttpResult>> Endpoint(Guid projectId, int number, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Query(projectId, number), ct)).ToHttp();

    /// <summary>Which version.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId, int Number) : IQuery<GuidelineView>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<GuidelineView>>
    {
        public async Task<Result<GuidelineView>> Handle(Query query, CancellationToken ct)
        {
            var version = await db.GuidelineVersions.AsNoTracking().SingleOrDefaultAsync(v => v.ProjectId == query.ProjectId && v.Number == query.Number, ct);
            return version is null ? RequestErrors.NotFound : GuidelineView.Of(version, await people.OfAsync(version.CreatedBy, ct), people.TimeOf(version.CreatedAt));
        }
    }
}
