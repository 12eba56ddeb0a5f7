using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
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

/// <summary>Makes a project like another: its ontology, its workflow, its members, each if wanted. Assets and labels are not copied.</summary>
public static class CopyProject
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPost("/{projectId:guid}/copy", Endpoint).WithName(nameof(CopyProject)).WithSummary("Makes a project like this one.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.Name, body.Ontology, body.Workflow, body.Members, body.Connections), ct)).ToHttp();

    /// <summary>The new project's name, and what it takes over.</summary>
    public sealed record Body(string Name, bool Ontology, bool Workflow, bool Members, bool Connections);

    /// <summary>Copies.</summary>
    [Act(Acts.ProjectManage)]
    [Audits(AuditActs.ProjectCreated)]
    public sealed record Command(Guid ProjectId, string Name, bool Ontology, bool Workflow, bool Members, bool Connections) : ICommand<Response>, IInProject;

    /// <summary>The new project; ConnectionsLeftOut were removed, or their agent was revoked, and so were not taken over.</summary>
    public sealed record Response(Guid Id, IReadOnlyList<string> ConnectionsLeftOut);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Name).IsName(200);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (!AccessTable.Allows(user.OrganizationRole, Acts.ProjectCreate)) return RequestErrors.Forbidden;
            var now = clock.GetUtcNow();
            var source = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == command.ProjectId, ct);
            var steps = command.Workflow
                ? await db.WorkflowSteps.AsNoTracking().Where(s => s.ProjectId == source.Id && s.WorkflowVersion == source.WorkflowVersion).OrderBy(s => s.Position).ToListAsync(ct)
                : [];
            var project = Project.Create(user.OrganizationId, command.Name, source.Description, !command.Workflow || source.StepSeparation, now);
            db.Projects.Add(project);
            // Steps keep their policies and open to everyone with the role: who was named at them was named for the other project's sake.
            if (command.Workflow)
            {
                project.SendBackTo(source.SendsBackToQueue);
                db.WorkflowSteps.AddRange(steps.Select((s, at) => WorkflowStep.Create(project, at, s.Kind, s.Name, false, s.Sampling, null, s.Consensus)));
                if (steps.Exists(s => s.Consensus.IsOn)) project.AskSeveral();
            }
            else
            {
                db.WorkflowSteps.AddRange(WorkflowStep.Create(project, 0, StepKind.Labeling, "Labeling"), WorkflowStep.Create(project, 1, StepKind.Review, "Review"));
            }

            var ontology = command.Ontology
                ? await db.OntologyVersions.AsNoTracking().Where(v => v.ProjectId == source.Id && v.Number == source.OntologyVersion).Select(v => new { v.Document, v.Digest }).SingleAsync(ct)
                : OntologyText.Read(OntologyText.Default).Value is var plain ? new { Document = plain.Text, plain.Digest } : null!;
            db.OntologyVersions.Add(OntologyVersion.Create(project, 1, ontology.Document, ontology.Digest, user.PersonId, now));
            db.ProjectMembers.Add(ProjectMember.Create(user.OrganizationId, project.Id, user.PersonId, ProjectRole.ProjectAdmin, now));
            var (members, teams) = (0, 0);
            if (command.Members)
            {
                // Temporary access was given for the other project's sake, and is not taken over.
                var others = await db.ProjectMembers.AsNoTracking().Where(m => m.ProjectId == source.Id && m.PersonId != user.PersonId && m.ValidFrom == null && m.ValidUntil == null).Select(m => new { m.PersonId, m.Role }).ToListAsync(ct);
                db.ProjectMembers.AddRange(others.Select(m => ProjectMember.Create(user.OrganizationId, project.Id, m.PersonId, m.Role, now)));
                var given = await db.ProjectTeams.AsNoTracking().Where(t => t.ProjectId == source.Id).Select(t => new { t.TeamId, t.Role }).ToListAsync(ct);
                db.ProjectTeams.AddRange(given.Select(t => ProjectTeam.Create(user.OrganizationId, project.Id, t.TeamId, t.Role, now)));
                (members, teams) = (others.Count, given.Count);
            }

            var connections = command.Connections
                ? await (
                    from pc in db.ProjectConnections.AsNoTracking()
                    join c in db.Connections on pc.ConnectionId equals c.Id
                    join a in db.Agents on c.AgentId equals a.Id
                    where pc.ProjectId == source.Id
                    orderby c.Name
                    select new { c.Id, c.Name, Works = c.RemovedAt == null && a.RevokedAt == null }).ToListAsync(ct)
                : [];
            db.ProjectConnections.AddRange(connections.Where(c => c.Works).Select(c => ProjectConnection.Create(project, c.Id)));
            audit.Record(
                AuditActs.ProjectCreated, project.Id, [project.Id, source.Id, .. connections.Where(c => c.Works).Select(c => c.Id)],
                new { copied = new { ontology = command.Ontology, workflow = command.Workflow, members, teams }, stepSeparation = project.StepSeparation, ontology = Convert.ToHexStringLower(ontology.Digest) });
            return new Response(project.Id, [.. connections.Where(c => !c.Works).Select(c => c.Name)]);
        }
    }
}
