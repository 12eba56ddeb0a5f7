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

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(body with { Key = request.Headers["Idempotency-Key"].ToString() }, ct)).ToHttp();

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
        string Name, string? Description, IReadOnlyList<Guid>? ConnectionIds, System.Text.Json.JsonElement? Ontology, bool? ReviewStep, bool? StepSeparation) : ICommand<Response>, IRepeatable
    {
        /// <summary>The client's <c>Idempotency-Key</c>; empty = each request makes a project of its own.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public string Key { get; init; } = "";
    }

    /// <summary>The new project.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Name).IsName(200);
            RuleFor(c => c.Description).IsProse(2000);
            RuleFor(c => c.ConnectionIds).Must(c => c is null || c.Count <= 100).WithMessage("At most 100 connections.");
            RuleFor(c => c.Key).Must(k => k.Length is 0 or (>= 8 and <= 100)).WithMessage("Idempotency-Key has 8–100 characters.").OverridePropertyName("Idempotency-Key");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var ontology = OntologyText.Read(command.Ontology ?? OntologyText.Default);
            if (ontology.Refusal is not null) return ontology.Refusal;
            Guid? id = command.Key.Length == 0 ? null : IdempotentId.Of("project", user.OrganizationId, user.PersonId, command.Key);
            if (id is { } made && await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == made, ct) is { } before)
            {
                audit.NothingHappened = true;
                var first = await db.OntologyVersions.AsNoTracking().SingleAsync(v => v.ProjectId == made && v.Number == 1, ct);
                var same = before.Name == command.Name.Trim() && before.Description == (command.Description?.Trim() ?? "") && first.Digest.AsSpan().SequenceEqual(ontology.Value.Digest);
                return same ? new Response(made) : ProjectErrors.KeyReused;
            }

            var connections = (command.ConnectionIds ?? []).Distinct().ToList();
            if (await db.Connections.CountAsync(c => connections.Contains(c.Id) && c.RemovedAt == null, ct) != connections.Count) return ProjectErrors.UnknownConnection;

            var now = clock.GetUtcNow();
            var review = command.ReviewStep ?? true;
            var project = Project.Create(user.OrganizationId, command.Name, command.Description, command.StepSeparation ?? review, now, id);
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
