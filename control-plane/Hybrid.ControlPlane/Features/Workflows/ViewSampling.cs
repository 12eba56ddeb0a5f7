using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Intervals;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>Shows what sampling achieved against its policies, by step and policy version.</summary>
public static class ViewSampling
{
    /// <summary>So many of the newest decisions of a step are looked at.</summary>
    private const int MostDecisions = 10_000;

    internal static void Map(IEndpointRouteBuilder project) => project.MapGet("/sampling", Endpoint).WithName(nameof(ViewSampling)).WithSummary("Sampling achieved against the policy.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The review steps of the version in force, in order; of each the newest decisions, at most <paramref name="MostDecisions"/>.</summary>
    public sealed record Response(IReadOnlyList<StepItem> Steps, int MostDecisions);

    /// <summary>One step.</summary>
    /// <param name="Id">The step.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Policy">In force.</param>
    /// <param name="PolicyVersion">In force.</param>
    /// <param name="Figures">By policy version, the newest first.</param>
    public sealed record StepItem(Guid Id, string Name, SamplingView Policy, int PolicyVersion, IReadOnlyList<Figure> Figures);

    /// <summary>What came of one version of a policy.</summary>
    /// <param name="PolicyVersion">The version.</param>
    /// <param name="Arrived">Assets that arrived.</param>
    /// <param name="Reviewed">Of them drawn for review.</param>
    /// <param name="Expected">Mean of the rates that were in force, 0 to 1.</param>
    /// <param name="Achieved">reviewed ÷ arrived, 0 to 1.</param>
    /// <param name="Lower">Lower end of its 95 % interval (Wilson 1927).</param>
    /// <param name="Upper">Upper end.</param>
    public sealed record Figure(int PolicyVersion, int Arrived, int Reviewed, double Expected, double Achieved, double Lower, double Upper);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var steps = await (
                from p in db.Projects.AsNoTracking()
                join s in db.WorkflowSteps.AsNoTracking() on new { p.Id, p.WorkflowVersion } equals new { Id = s.ProjectId, s.WorkflowVersion }
                where p.Id == query.ProjectId && s.Kind == StepKind.Review
                orderby s.Position
                select s).ToListAsync(ct);
            var items = new List<StepItem>();
            foreach (var step in steps)
            {
                var counts = await db.SamplingDecisions.AsNoTracking().Where(d => d.ProjectId == query.ProjectId && d.StepId == step.Id).OrderByDescending(d => d.DecidedAt).Take(MostDecisions)
                    .GroupBy(d => d.PolicyVersion)
                    .Select(g => new { Version = g.Key, Arrived = g.Count(), Reviewed = g.Sum(d => d.IsDrawn ? 1 : 0), Expected = g.Average(d => d.Rate) }).ToListAsync(ct);
                items.Add(new StepItem(step.Id, step.Name, SamplingView.Of(step), step.SamplingVersion, [.. counts.OrderByDescending(c => c.Version).Select(c => FigureOf(c.Version, c.Arrived, c.Reviewed, c.Expected))]));
            }

            return new Response(items, MostDecisions);
        }

        private static Figure FigureOf(int version, int arrived, int reviewed, double expected)
        {
            var rate = Wilson.Interval(reviewed, arrived);
            return new Figure(version, arrived, reviewed, expected, (double)reviewed / arrived, rate.Lower!.Value, rate.Upper!.Value);
        }
    }
}
