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

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Makes a project with its first ontology, one labeling step and (unless left out) one review step.</summary>
public static class CreateProject
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapPost("", Endpoint).WithName(nameof(CreateProject)).WithSummary("Makes a project; its maker becomes its project admin.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The project.</summary>
    /// <param name="Name">1–200 characters.</param>
    /// <param name="Description">At most 2,000 characters.</param>
    /// <param name="ConnectionIds">Connections that its assets may come from.</param>
    /// <param name="Ontology">The first version; unset = a box, to begin with.</param>
    /// <param name="ReviewStep">Whether there is a review step. Default: yes.</param>
    /// <param name="StepSeparation">Whether nobody works on two steps of one asset. Default: yes, when there is a review step.</param>
    [Act(Acts.ProjectCreate)]
    [Audits(AuditActs.ProjectCreated)]
    public sealed record Command(
        string Name, string? Description, IReadOnlyList<Guid>? ConnectionIds, System.Text.Json.JsonElement? Ontology, bool? ReviewStep, bool? StepSeparation) : ICommand<Response>;

    /// <summary>The new project.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Name).IsName(200);
            RuleFor(c => c.Description).IsProse(2000);
            RuleFor(c => c.ConnectionIds).Must(c => c is null || c.Count <= 100).WithMessage("At most 100 connections.");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var ontology = OntologyText.Read(command.Ontology ?? OntologyText.Default);
            if (ontology.Refusal is not null) return ontology.Refusal;
            var connections = (command.ConnectionIds ?? []).Distinct().ToList();
            if (await db.Connections.CountAsync(c => connections.Contains(c.Id) && c.RemovedAt == null, ct) != connections.Count) return ProjectErrors.UnknownConnection;

            var now = clock.GetUtcNow();
            var review = command.ReviewStep ?? true;
            var project = Project.Create(user.OrganizationId, command.Name, command.Description, command.StepSeparation ?? review, now);
            db.Projects.Add(project);
            db.OntologyVersions.Add(OntologyVersion.Create(project, 1, ontology.Value.Text, ontology.Value.Digest, user.PersonId, now));
            db.WorkflowSteps.Add(WorkflowStep.Create(project, 0, StepKind.Labeling, "Labeling"));
            if (review) db.WorkflowSteps.Add(WorkflowStep.Create(project, 1, StepKind.Review, "Review"));
            db.ProjectConnections.AddRange(connections.Select(c => ProjectConnection.Create(project, c)));
            db.ProjectMembers.Add(ProjectMember.Create(user.OrganizationId, project.Id, user.PersonId, ProjectRole.ProjectAdmin, now));
            audit.Record(AuditActs.ProjectCreated, project.Id, [project.Id, .. connections], new { stepSeparation = project.StepSeparation, review, ontology = Convert.ToHexStringLower(ontology.Value.Digest) });
            return new Response(project.Id);
        }
    }
}
