using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Labels;

/// <summary>Shows one version of a label: one's own; another's only with a role that may explore.</summary>
public static class ViewLabel
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/projects/{projectId:guid}/labels/{labelId:guid}", Endpoint).WithTags("Labels").WithName(nameof(ViewLabel)).WithSummary("One version of a label.").Sends<Query>();

    private static async Task<Results<Ok<Tasks.LabelView>, ProblemHttpResult>> Endpoint(Guid projectId, Guid labelId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Query(projectId, labelId), ct)).ToHttp();

    /// <summary>Which version.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId, Guid LabelId) : IQuery<Tasks.LabelView>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ProjectAccess access, PersonRefs people) : IRequestHandler<Query, Result<Tasks.LabelView>>
    {
        public async Task<Result<Tasks.LabelView>> Handle(Query query, CancellationToken ct)
        {
            var label = await db.Labels.AsNoTracking().SingleOrDefaultAsync(l => l.Id == query.LabelId && l.ProjectId == query.ProjectId, ct);
            if (label is null) return RequestErrors.NotFound;
            var explores = AccessTable.Allows((await access.RoleInAsync(query.ProjectId, ct))!.Value, Acts.AssetsExplore);
            if (label.AuthorId != user.PersonId && !explores) return RequestErrors.NotFound;
            var author = await people.OfAsync(label.AuthorId, ct);
            return new Tasks.LabelView(label.Id, label.Number, Tasks.Documents.Read(label.Document), author, people.TimeOf(label.CreatedAt), Convert.ToHexStringLower(label.Digest));
        }
    }
}
