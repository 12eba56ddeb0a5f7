using System.Text.Json;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Ontologies to begin a project with.</summary>
public static class ListTemplates
{
    internal static void Map(IEndpointRouteBuilder templates) => templates.MapGet("/api/project-templates", Endpoint).WithTags("Projects").WithName(nameof(ListTemplates)).WithSummary("Ontologies to begin a project with.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>All of them.</summary>
    [Act(Acts.ProjectCreate)]
    public sealed record Query : IQuery<Response>;

    /// <summary>In the order to show them.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>A template; its ontology goes into a new project as it is.</summary>
    /// <param name="Id">Stable; the workspace has its name and description.</param>
    /// <param name="Ontology">The ontology.</param>
    public sealed record Item(string Id, JsonElement Ontology);

    internal sealed class Handler : IRequestHandler<Query, Result<Response>>
    {
        private static readonly Response All = new(
        [
            Template("boxes", """{"tools":[{"id":"object","kind":"box","name":"Object","color":"#E4572E","key":"1"}],"questions":[],"relations":[]}"""),
            Template("outlines", """{"tools":[{"id":"object","kind":"polygon","name":"Object","color":"#2E86AB","key":"1"},{"id":"unclear","kind":"polygon","name":"Unclear","color":"#8D99AE","key":"2"}],"questions":[],"relations":[]}"""),
            Template("classification", """{"tools":[],"questions":[{"id":"class","kind":"single","text":"What is it?","required":true,"options":[{"id":"a","text":"Class A"},{"id":"b","text":"Class B"},{"id":"other","text":"Something else"}]}],"relations":[]}"""),
            Template("roads", """{"tools":[{"id":"vehicle","kind":"box","name":"Vehicle","color":"#E4572E","key":"1","questions":[{"id":"kind","kind":"single","text":"Kind","required":true,"options":[{"id":"car","text":"Car"},{"id":"truck","text":"Truck"},{"id":"bus","text":"Bus"},{"id":"two-wheeler","text":"Two-wheeler"}]}]},{"id":"person","kind":"box","name":"Person","color":"#2E86AB","key":"2"},{"id":"lane","kind":"polyline","name":"Lane","color":"#3BB273","key":"3"}],"questions":[{"id":"weather","kind":"single","text":"Weather","required":false,"options":[{"id":"dry","text":"Dry"},{"id":"rain","text":"Rain"},{"id":"snow","text":"Snow"}]}],"relations":[]}"""),
            Template("inspection", """{"tools":[{"id":"defect","kind":"polygon","name":"Defect","color":"#E4572E","key":"1","questions":[{"id":"severity","kind":"single","text":"Severity","required":true,"options":[{"id":"cosmetic","text":"Cosmetic"},{"id":"functional","text":"Functional"},{"id":"critical","text":"Critical"}]}]},{"id":"landmark","kind":"point","name":"Landmark","color":"#2E86AB","key":"2"}],"questions":[{"id":"verdict","kind":"single","text":"Verdict","required":true,"options":[{"id":"pass","text":"Pass"},{"id":"fail","text":"Fail"}]}],"relations":[]}"""),
        ]);

        public Task<Result<Response>> Handle(Query query, CancellationToken ct) => Task.FromResult<Result<Response>>(All);

        private static Item Template(string id, string ontology) => new(id, JsonDocument.Parse(ontology).RootElement.Clone());
    }
}
