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

/// <summary>Has an import stand still; the page that is on its way is still taken.</summary>
public static class PauseImport
{
    internal static void Map(IEndpointRouteBuilder imports) => imports.MapPost("/{importId:guid}/pause", Endpoint).WithName(nameof(PauseImport)).WithSummary("Pauses an import.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid importId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, importId), ct)).ToHttp();

    /// <summary>Which import.</summary>
    [Act(Acts.StorageManage)]
    [Audits(AuditActs.ImportPaused)]
    public sealed record Command(Guid ProjectId, Guid ImportId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error NotRunning = new(ErrorKind.Conflict, "import.not_running", "The import does not run.", "Nothing was changed.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var import = await db.Imports.SingleOrDefaultAsync(i => i.Id == command.ImportId && i.ProjectId == command.ProjectId, ct);
            if (import is null) return RequestErrors.NotFound;
            if (!import.Pause()) return NotRunning;
            audit.Record(AuditActs.ImportPaused, command.ProjectId, [import.Id], new { listed = import.Listed, added = import.Added });
            return Done.Value;
        }
    }
}
