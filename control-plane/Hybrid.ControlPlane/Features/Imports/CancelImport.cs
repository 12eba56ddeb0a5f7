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

/// <summary>Stops an import; what it added stays.</summary>
public static class CancelImport
{
    internal static void Map(IEndpointRouteBuilder imports) => imports.MapPost("/{importId:guid}/cancel", Endpoint).WithName(nameof(CancelImport)).WithSummary("Stops an import.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid importId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, importId), ct)).ToHttp();

    /// <summary>Which import.</summary>
    [Act(Acts.StorageManage)]
    [Audits(AuditActs.ImportCancelled)]
    public sealed record Command(Guid ProjectId, Guid ImportId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error Ended = new(ErrorKind.Conflict, "import.ended", "The import has ended already.", "Nothing was changed.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var import = await db.Imports.SingleOrDefaultAsync(i => i.Id == command.ImportId && i.ProjectId == command.ProjectId, ct);
            if (import is null) return RequestErrors.NotFound;
            if (!import.Cancel(clock.GetUtcNow())) return Ended;
            audit.Record(AuditActs.ImportCancelled, command.ProjectId, [import.Id], new { listed = import.Listed, added = import.Added });
            return Done.Value;
        }
    }
}
