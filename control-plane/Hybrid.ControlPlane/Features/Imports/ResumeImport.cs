using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>Has a paused import go on where it stood.</summary>
public static class ResumeImport
{
    internal static void Map(IEndpointRouteBuilder imports) => imports.MapPost("/{importId:guid}/resume", Endpoint).WithName(nameof(ResumeImport)).WithSummary("Resumes a paused import.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid importId, IMediator mediator, ImportWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, importId), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>Which import.</summary>
    [Act(Acts.StorageManage)]
    [Audits(AuditActs.ImportResumed)]
    public sealed record Command(Guid ProjectId, Guid ImportId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error NotPaused = new(ErrorKind.Conflict, "import.not_paused", "The import is not paused.", "Nothing was changed.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var import = await db.Imports.SingleOrDefaultAsync(i => i.Id == command.ImportId && i.ProjectId == command.ProjectId, ct);
            if (import is null) return RequestErrors.NotFound;
            if (!import.Resume()) return NotPaused;
            audit.Record(AuditActs.ImportResumed, command.ProjectId, [import.Id], new { listed = import.Listed, added = import.Added });
            return Done.Value;
        }
    }
}
