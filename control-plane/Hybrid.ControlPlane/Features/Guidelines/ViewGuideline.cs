using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>The guidelines in force, and whether the caller must still say that they have read them.</summary>
public static class ViewGuideline
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapGet("", Endpoint).WithName(nameof(ViewGuideline)).WithSummary("The guidelines in force.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The version in force (null while there is none), and the one that the caller has to read before they claim (null = none).</summary>
    public sealed record Response(GuidelineView? InForce, int? ToRead);

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var version = await db.GuidelineVersions.AsNoTracking().Where(v => v.ProjectId == query.ProjectId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(ct);
            return version is null
                ? new Response(null, null)
                : new Response(GuidelineView.Of(version, await people.OfAsync(version.CreatedBy, ct), people.TimeOf(version.CreatedAt)), access.Here!.ToRead);
        }
    }
}
