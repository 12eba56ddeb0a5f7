using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>A grant for pictures of the guidelines: those of a published version for everybody in the project, those of a draft for its writers alone.</summary>
public static class GrantForGuideline
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/projects/{projectId:guid}/guidelines/grant", Endpoint).WithTags("Grants").WithName(nameof(GrantForGuideline)).WithSummary("A grant for pictures of the guidelines.").Sends<Command>();

    private static async Task<Results<Ok<Hybrid.Contracts.Grants.GrantAnswer>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.PictureIds, request.Headers["DPoP"].ToString(), request.Path), ct)).ToHttp();

    /// <summary>Which pictures.</summary>
    public sealed record Body(IReadOnlyList<Guid> PictureIds);

    /// <summary>At most 50 pictures, proven by the session's key.</summary>
    [Act(Acts.ProjectView)]
    [Audits(AuditActs.GrantIssued)]
    public sealed record Command(Guid ProjectId, IReadOnlyList<Guid> PictureIds, string Proof, string Path) : ICommand<Hybrid.Contracts.Grants.GrantAnswer>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.PictureIds).NotEmpty().Must(p => p is not { Count: > 50 }).WithMessage("At most 50 pictures at once.");
    }

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, GrantIssuer issuer) : IRequestHandler<Command, Result<Hybrid.Contracts.Grants.GrantAnswer>>
    {
        public async Task<Result<Hybrid.Contracts.Grants.GrantAnswer>> Handle(Command command, CancellationToken ct)
        {
            var ids = command.PictureIds.Distinct().ToList();
            var writes = AccessTable.Allows(access.Here!.Role, Acts.GuidelineManage);
            var pictures = await db.GuidelinePictures.AsNoTracking().Where(p => p.ProjectId == command.ProjectId && ids.Contains(p.Id) && (writes || p.PublishedIn != null)).ToListAsync(ct);
            return pictures.Count == ids.Count
                ? await issuer.IssueAsync(command.ProjectId, null, [.. pictures.Select(p => new GrantObject(p.Id, p.ConnectionId, p.Key, null))], command.Proof, command.Path, ct)
                : RequestErrors.NotFound;
        }
    }
}
