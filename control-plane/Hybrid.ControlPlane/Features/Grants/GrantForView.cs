using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>A grant for an explicit look at assets, by a person whose role may explore.</summary>
public static class GrantForView
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/projects/{projectId:guid}/assets/grant", Endpoint).WithTags("Grants").WithName(nameof(GrantForView)).WithSummary("A grant to look at assets.").Sends<Command>();

    private static async Task<Results<Ok<Hybrid.Contracts.Grants.GrantAnswer>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.AssetIds, request.Headers["DPoP"].ToString(), request.Path), ct)).ToHttp();

    /// <summary>Which assets.</summary>
    public sealed record Body(IReadOnlyList<Guid> AssetIds);

    /// <summary>At most 50 assets, proven by the session's key.</summary>
    [Act(Acts.AssetsExplore)]
    [Audits(AuditActs.GrantIssued)]
    public sealed record Command(Guid ProjectId, IReadOnlyList<Guid> AssetIds, string Proof, string Path) : ICommand<Hybrid.Contracts.Grants.GrantAnswer>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.AssetIds).NotEmpty().Must(a => a is not { Count: > 50 }).WithMessage("At most 50 assets at once.");
    }

    internal sealed class Handler(ControlPlaneDb db, GrantIssuer issuer) : IRequestHandler<Command, Result<Hybrid.Contracts.Grants.GrantAnswer>>
    {
        public async Task<Result<Hybrid.Contracts.Grants.GrantAnswer>> Handle(Command command, CancellationToken ct)
        {
            var ids = command.AssetIds.Distinct().ToList();
            var assets = await db.Assets.AsNoTracking().Where(a => a.ProjectId == command.ProjectId && ids.Contains(a.Id)).ToListAsync(ct);
            return assets.Count == ids.Count ? await issuer.IssueAsync(command.ProjectId, null, [.. assets.Select(GrantObject.Of)], command.Proof, command.Path, ct) : RequestErrors.NotFound;
        }
    }
}
