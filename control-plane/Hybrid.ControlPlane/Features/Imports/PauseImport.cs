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

/// <summary>Has an import stand still, and go on where it stood; the page that is on its way is still taken.</summary>
public static class PauseImport
{
    internal static void Map(IEndpointRouteBuilder imports)
    {
        imports.MapPost("/{importId:guid}/pause", Pause).WithName(nameof(PauseImport)).WithSummary("Pauses an import.").Sends<Command>();
        imports.MapPost("/{importId:guid}/resume", Resume).WithName("ResumeImport").WithSummary("Resumes a paused import.").Sends<Command>();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Pause(Guid projectId, Guid importId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, importId, GoOn: false), ct)).ToHttp();

    private static async Task<Results<NoContent, ProblemHttpResult>> Resume(Guid projectId, Guid importId, IMediator mediator, ImportWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, importId, GoOn: true), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>Which import, and whether it goes on.</summary>
    [Act(Acts.StorageManage)]
    [Audits(AuditActs.ImportPaused, AuditActs.ImportResumed)]
    public sealed record Command(Guid ProjectId, Guid ImportId, bool GoOn) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error NotRunning = new(ErrorKind.Conflict, "import.not_running", "The import does not run.", "Nothing was changed. Load the page again to see where it stands.");
        private static readonly Error NotPaused = new(ErrorKind.Conflict, "import.not_paused", "The import is not paused.", "Nothing was changed. Load the page again to see where it stands.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var import = await db.Imports.SingleOrDefaultAsync(i => i.Id == command.ImportId && i.ProjectId == command.ProjectId, ct);
            if (import is null) return RequestErrors.NotFound;
            if (!(command.GoOn ? import.Resume() : import.Pause())) return command.GoOn ? NotPaused : NotRunning;
            audit.Record(command.GoOn ? AuditActs.ImportResumed : AuditActs.ImportPaused, command.ProjectId, [import.Id], new { listed = import.Listed, added = import.Added });
            return Done.Value;
        }
    }
}
