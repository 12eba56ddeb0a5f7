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

/// <summary>Puts a new ontology version in force; labels keep the version that they were made with.</summary>
public static class PublishOntology
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapPut("/{projectId:guid}/ontology", Endpoint).WithName(nameof(PublishOntology)).WithSummary("Publishes a new ontology version.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), out var based)
            ? (await mediator.Send(new Command(projectId, based, body.Document), ct)).ToHttp()
            : ResultToHttp.ToProblem(ProjectErrors.NoPrecondition);

    /// <summary>The new document.</summary>
    public sealed record Body(System.Text.Json.JsonElement Document);

    /// <summary>Publishes a version based on another.</summary>
    [Act(Acts.OntologyManage)]
    [Audits(AuditActs.OntologyVersionCreated)]
    public sealed record Command(Guid ProjectId, int BasedOn, System.Text.Json.JsonElement Document) : ICommand<Response>, IInProject;

    /// <summary>The version now in force.</summary>
    public sealed record Response(int Version);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var ontology = OntologyText.Read(command.Document);
            if (ontology.Refusal is not null) return ontology.Refusal;
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.OntologyVersion != command.BasedOn) return ProjectErrors.StaleOntology;
            var number = project.AdvanceOntology();
            db.OntologyVersions.Add(OntologyVersion.Create(project, number, ontology.Value.Text, ontology.Value.Digest, user.PersonId, clock.GetUtcNow()));
            audit.Record(AuditActs.OntologyVersionCreated, project.Id, [project.Id], new { version = number, digest = Convert.ToHexStringLower(ontology.Value.Digest) });
            return new Response(number);
        }
    }
}
