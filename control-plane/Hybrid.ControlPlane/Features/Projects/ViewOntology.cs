using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>The ontology in force.</summary>
public static class ViewOntology
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapGet("/{projectId:guid}/ontology", Endpoint).WithName(nameof(ViewOntology)).WithSummary("The ontology in force.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>The project.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>Version and document.</summary>
    public sealed record Response(int Version, System.Text.Json.JsonElement Document);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var found = await (
                from p in db.Projects.AsNoTracking()
                join v in db.OntologyVersions.AsNoTracking() on new { ProjectId = p.Id, Number = p.OntologyVersion } equals new { v.ProjectId, v.Number }
                where p.Id == query.ProjectId
                select new { v.Number, v.Document }).SingleAsync(ct);
            return new Response(found.Number, System.Text.Json.JsonElement.Parse(found.Document));
        }
    }
}
