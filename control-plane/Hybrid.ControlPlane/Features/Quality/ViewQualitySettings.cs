using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>The rules in force, and their version, which a change is based on (0 = nothing was ever changed).</summary>
public sealed record ViewQualitySettingsResponse(int Version, RulesView Rules);

/// <summary>Shows the quality rules in force.</summary>
public static class ViewQualitySettings
{
    internal static void Map(IEndpointRouteBuilder quality) => quality.MapGet("/settings", Endpoint).WithName(nameof(ViewQualitySettings)).WithSummary("What is measured and when it acts.").Sends<Query>();

    private static async Task<Results<Ok<ViewQualitySettingsResponse>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId) : IQuery<ViewQualitySettingsResponse>, IInProject;

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<ViewQualitySettingsResponse>>
    {
        public async Task<Result<ViewQualitySettingsResponse>> Handle(Query query, CancellationToken ct)
        {
            var settings = await db.QualitySettings.AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == query.ProjectId, ct);
            return new ViewQualitySettingsResponse(settings?.Version ?? 0, RulesView.Of(settings?.Rules ?? QualityRules.Default));
        }
    }
}
