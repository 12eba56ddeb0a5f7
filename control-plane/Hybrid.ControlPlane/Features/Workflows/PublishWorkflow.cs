using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>Puts a new workflow version in force. Assets finish the step they are in under the version that they entered it with.</summary>
public static class PublishWorkflow
{
    internal static void Map(IEndpointRouteBuilder project) => project.MapPut("/workflow", Endpoint).WithName(nameof(PublishWorkflow)).WithSummary("Publishes a new workflow version.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), out var based)
            ? (await mediator.Send(new Command(projectId, based, body.Steps), ct)).ToHttp()
            : ResultToHttp.ToProblem(Projects.ProjectErrors.NoPrecondition);

    /// <summary>The steps in order: the labeling step, then the review steps.</summary>
    public sealed record Body(IReadOnlyList<Step> Steps);

    /// <summary>One step.</summary>
    /// <param name="Id">Of a step of the version that the change is based on; null = a new one.</param>
    /// <param name="Name">1–100 characters.</param>
    /// <param name="People">Those who may work on it; null = everyone with the role.</param>
    /// <param name="Sampling">Its policy; null = everything is reviewed. The labeling step has none.</param>
    /// <param name="Consensus">How many people answer for one asset, of the labeling step; null = one. Review steps have none.</param>
    public sealed record Step(Guid? Id, string Name, IReadOnlyList<Guid>? People, SamplingView? Sampling, ConsensusView? Consensus = null);

    /// <summary>Publishes a version based on another.</summary>
    [Act(Acts.WorkflowManage)]
    [Audits(AuditActs.WorkflowVersionCreated)]
    public sealed record Command(Guid ProjectId, int BasedOn, IReadOnlyList<Step> Steps) : ICommand<Response>, IInProject;

    /// <summary>The version now in force, and whether it turned step separation on.</summary>
    public sealed record Response(int Version, bool SeparationTurnedOn);

    internal sealed class Validator : AbstractValidator<Command>
    {
        private const int MostFirst = 100_000;
        private const int MostWindow = 1000;

        public Validator()
        {
            RuleFor(c => c.Steps).NotNull().Must(s => s is null || s.Count is >= 1 and <= 1 + Workflow.MaxReviewSteps).WithMessage("A workflow has one labeling step and at most five review steps.");
            RuleFor(c => c.Steps).Must(s => s is null || s.Where(x => x?.Id is not null).GroupBy(x => x.Id).All(g => g.Count() == 1)).WithMessage("No step stands there twice.");
            RuleFor(c => c.Steps).Must(s => s is null || s.Skip(1).All(x => x?.Consensus is null)).WithMessage("Only the labeling step asks several people.");
            RuleForEach(c => c.Steps).NotNull().ChildRules(step =>
            {
                step.RuleFor(s => s.Name).IsName(100);
                step.RuleFor(s => s.People).Must(p => p is null || p.Count is >= 1 and <= 1000).WithMessage("Name 1–1,000 people, or let everyone with the role work on it.");
                step.RuleFor(s => s.Sampling).ChildRules(policy =>
                {
                    policy.RuleFor(p => p!.Kind).IsInEnum();
                    policy.RuleFor(p => p!.Rate).InclusiveBetween(0, 1);
                    policy.RuleFor(p => p!.First).NotNull().InclusiveBetween(0, MostFirst).When(p => p!.Kind != SamplingKind.Fixed);
                    policy.RuleFor(p => p!.Window).NotNull().InclusiveBetween(1, MostWindow).When(p => p!.Kind == SamplingKind.Adaptive);
                    policy.RuleFor(p => p!.Threshold).NotNull().InclusiveBetween(0, 1).When(p => p!.Kind == SamplingKind.Adaptive);
                    policy.RuleFor(p => p!.Minimum).InclusiveBetween(1, MostWindow).Must((p, m) => m is null || p!.Window is null || m <= p.Window)
                        .WithMessage("The minimum is not above the window.").When(p => p!.Kind == SamplingKind.Adaptive);
                }).When(s => s.Sampling is not null);
                step.RuleFor(s => s.Consensus).ChildRules(policy =>
                {
                    policy.RuleFor(p => p!.Labelers).InclusiveBetween(2, StepConsensus.MostLabelers);
                    policy.RuleFor(p => p!.Share).InclusiveBetween(0, 1);
                    policy.RuleFor(p => p!.Threshold).InclusiveBetween(0, 1);
                    policy.RuleFor(p => p!.Most).InclusiveBetween(2, StepConsensus.MostLabelers).Must((p, m) => m is null || m >= p!.Labelers)
                        .WithMessage("The greatest number of labelers is not below the first.");
                    policy.RuleFor(p => p!.Confidence).NotNull().InclusiveBetween(0.5, 1).When(p => p!.Most > p.Labelers);
                    policy.RuleFor(p => p!.Accuracy).NotNull().GreaterThan(0.5).LessThan(1).When(p => p!.Most > p.Labelers);
                }).When(s => s.Consensus is not null);
            });
        }
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.WorkflowVersion != command.BasedOn) return WorkflowErrors.Stale;
            var before = await db.WorkflowSteps.AsNoTracking().Where(s => s.ProjectId == project.Id && s.WorkflowVersion == project.WorkflowVersion).OrderBy(s => s.Position).ToListAsync(ct);
            var labeling = before[0];
            if (command.Steps.Skip(1).Any(s => s.Id == labeling.Id || (s.Id is { } id && before.All(b => b.Id != id))) || (command.Steps[0].Id ?? labeling.Id) != labeling.Id) return WorkflowErrors.UnknownStep;
            if (!await MayAllWorkAsync(project.Id, command.Steps, ct)) return WorkflowErrors.WrongPerson;

            var separated = project.AdvanceWorkflow(command.Steps.Count > 1, before.Count > 1, command.Steps.Any(s => s.People is not null), command.Steps[0].Consensus is not null);
            var steps = command.Steps.Select((s, at) => WorkflowStep.Create(
                project, at, at == 0 ? StepKind.Labeling : StepKind.Review, s.Name.Trim(), s.People is not null,
                at == 0 ? StepSampling.Everything : s.Sampling?.ToSampling() ?? StepSampling.Everything, at == 0 ? labeling : before.Find(b => b.Id == s.Id), at == 0 ? s.Consensus?.ToConsensus() : null)).ToList();
            db.WorkflowSteps.AddRange(steps);
            db.WorkflowStepMembers.AddRange(steps.SelectMany((s, at) => (command.Steps[at].People ?? []).Distinct().Select(p => WorkflowStepMember.Of(s, p))));
            audit.Record(
                AuditActs.WorkflowVersionCreated, project.Id, [project.Id, .. steps.Select(s => s.Id)],
                new
                {
                    version = project.WorkflowVersion, stepSeparation = project.StepSeparation, separationTurnedOn = separated,
                    steps = steps.Select((s, at) => new { id = s.Id, kind = s.Kind.ToString(), policyVersion = s.SamplingVersion, sampling = s.Sampling, consensusVersion = s.ConsensusVersion, consensus = s.Consensus, people = command.Steps[at].People }),
                });
            return new Response(project.WorkflowVersion, separated);
        }

        private async Task<bool> MayAllWorkAsync(Guid projectId, IReadOnlyList<Step> steps, CancellationToken ct)
        {
            var named = steps.SelectMany(s => s.People ?? []).Distinct().ToList();
            if (named.Count == 0) return true;
            var roles = await Places.AtAnyTime(db).Where(p => p.ProjectId == projectId && named.Contains(p.PersonId))
                .GroupBy(p => p.PersonId).Select(g => new { g.Key, Role = g.Max(p => p.Role) }).ToDictionaryAsync(g => g.Key, g => (ProjectRole)g.Role, ct);
            return steps.Select((s, at) => (s.People, Act: at == 0 ? Acts.TaskWork : Acts.TaskReview))
                .All(s => s.People is null || s.People.All(p => roles.TryGetValue(p, out var role) && AccessTable.Allows(role, s.Act)));
        }
    }
}
