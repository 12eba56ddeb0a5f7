using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Makes a honeypot of an asset by saying which version of its answer is right.</summary>
public static class PromoteLabel
{
    internal static void Map(IEndpointRouteBuilder honeypots) => honeypots.MapPost("", Endpoint).WithName(nameof(PromoteLabel)).WithSummary("Makes a honeypot of a label.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.LabelId), ct)).ToHttp();

    /// <summary>The version that is right.</summary>
    public sealed record Body(Guid LabelId);

    /// <summary>Promotes.</summary>
    [Act(Acts.QualityManage)]
    [Audits(AuditActs.HoneypotCreated)]
    public sealed record Command(Guid ProjectId, Guid LabelId) : ICommand<Response>, IInProject;

    /// <summary>The honeypot.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var label = await db.Labels.AsNoTracking().SingleOrDefaultAsync(l => l.Id == command.LabelId && l.ProjectId == command.ProjectId, ct);
            if (label is null) return RequestErrors.NotFound;
            if (label.Strand != 0) return QualityErrors.NotTheAnswer;
            if (await db.Honeypots.AnyAsync(h => h.ProjectId == label.ProjectId && h.AssetId == label.AssetId, ct)) return QualityErrors.Exists;
            if (await db.Tasks.AnyAsync(t => t.AssetId == label.AssetId && (t.State == TaskState.Open || t.State == TaskState.Answered), ct)) return QualityErrors.InWork;
            var honeypot = Honeypot.Create(label, user.PersonId, clock.GetUtcNow());
            db.Honeypots.Add(honeypot);
            audit.Record(AuditActs.HoneypotCreated, label.ProjectId, [honeypot.Id, label.AssetId, label.Id], new { by = "promotion", digest = Convert.ToHexStringLower(label.Digest) });
            return new Response(honeypot.Id);
        }
    }
}
