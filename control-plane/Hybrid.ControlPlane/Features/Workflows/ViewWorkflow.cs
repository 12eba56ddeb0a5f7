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

namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>Shows the workflow in force with everything that rules it.</summary>
public static class ViewWorkflow
{
    internal static void Map(IEndpointRouteBuilder project) => project.MapGet("/workflow", Endpoint).WithName(nameof(ViewWorkflow)).WithSummary("The workflow in force.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.WorkflowManage)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The version in force, its steps in order, and the settings beside them.</summary>
    public sealed record Response(int Version, IReadOnlyList<WorkflowStepView> Steps, bool StepSeparation, bool SendsBackToQueue);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == query.ProjectId, ct);
            var steps = await db.WorkflowSteps.AsNoTracking().Where(s => s.ProjectId == project.Id && s.WorkflowVersion == project.WorkflowVersion).OrderBy(s => s.Position).ToListAsync(ct);
            var named = await db.WorkflowStepMembers.AsNoTracking().Where(m => m.ProjectId == project.Id && m.WorkflowVersion == project.WorkflowVersion).Select(m => new { m.StepId, m.PersonId }).ToListAsync(ct);
            var refs = await people.NamedAsync(named.Select(m => m.PersonId), ct);
            return new Response(
                project.WorkflowVersion,
                [
                    .. steps.Select(s => new WorkflowStepView(
                        s.Id, s.Kind, s.Name,
                        s.IsNamed ? [.. named.Where(m => m.StepId == s.Id && refs.ContainsKey(m.PersonId)).Select(m => refs[m.PersonId]).OrderBy(r => r.Name, StringComparer.CurrentCulture)] : null,
                        s.Kind == StepKind.Review ? SamplingView.Of(s) : null, s.Kind == StepKind.Review ? s.SamplingVersion : s.Consensus.IsOn ? s.ConsensusVersion : null,
                        s.Kind == StepKind.Review ? Convert.ToHexStringLower(project.SamplingSeed(s.Id, s.SamplingVersion))
                            : s.Consensus.IsOn ? Convert.ToHexStringLower(Workflow.ConsensusSeed(project.PseudonymKey, s.Id, s.ConsensusVersion)) : null,
                        ConsensusView.Of(s))),
                ],
                project.StepSeparation, project.SendsBackToQueue);
        }
    }
}
