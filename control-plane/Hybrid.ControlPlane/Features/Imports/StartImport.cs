using System.Text.Json;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>Starts an import of references by the agent's listing.</summary>
public static class StartImport
{
    internal static void Map(IEndpointRouteBuilder imports) => imports.MapPost("", Endpoint).WithName(nameof(StartImport)).WithSummary("Starts an import.").Sends<Command>();

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, ImportWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, body.ConnectionId, body.Prefix ?? "", body.Include ?? [], body.Exclude ?? []), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>What to list.</summary>
    public sealed record Body(Guid ConnectionId, string? Prefix, IReadOnlyList<string>? Include, IReadOnlyList<string>? Exclude);

    /// <summary>Starts an import.</summary>
    [Act(Acts.StorageManage)]
    [Audits(AuditActs.ImportStarted)]
    public sealed record Command(Guid ProjectId, Guid ConnectionId, string Prefix, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude) : ICommand<ImportView>, IInProject, ITakesTurns
    {
        /// <summary>One import of a connection at a time.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"import {ProjectId} {ConnectionId}";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Prefix).Must(IsPrefix).WithMessage("A prefix has at most 1,024 bytes of UTF-8, no control characters and no part that is . or ..; % and + stand for themselves.");
            RuleFor(c => c.Include).Must(ArePatterns).WithMessage("At most 100 patterns of 1–200 characters.");
            RuleFor(c => c.Exclude).Must(ArePatterns).WithMessage("At most 100 patterns of 1–200 characters.");
        }

        // An object key in S3 has at most 1,024 bytes; the agent decides what is served, this only refuses what nobody can mean.
        private static bool IsPrefix(string prefix) =>
            System.Text.Encoding.UTF8.GetByteCount(prefix) <= 1024 && !prefix.Any(char.IsControl) && !prefix.Split('/', '\\').Any(part => part is "." or "..");

        private static bool ArePatterns(IReadOnlyList<string> patterns) => patterns.Count <= 100 && patterns.All(p => p is { Length: > 0 and <= 200 });
    }

    internal sealed class Handler(ControlPlaneDb db, LinkTable links, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<ImportView>>
    {
        private static readonly Error Running = new(ErrorKind.Conflict, "import.running", "An import of this connection is running.", "Nothing was changed. Wait for it, resume it if it is paused, or cancel it.");

        public async Task<Result<ImportView>> Handle(Command command, CancellationToken ct)
        {
            var connection = await (
                from pc in db.ProjectConnections.AsNoTracking()
                join c in db.Connections.AsNoTracking() on pc.ConnectionId equals c.Id
                where pc.ProjectId == command.ProjectId && c.Id == command.ConnectionId && c.RemovedAt == null
                select c).SingleOrDefaultAsync(ct);
            if (connection is null) return RequestErrors.NotFound;
            if (!await links.IsUpAsync(connection.AgentId)) return AgentErrors.Unreachable;
            if (await db.Imports.AnyAsync(i => i.ProjectId == command.ProjectId && i.ConnectionId == connection.Id && (i.State == ImportState.Queued || i.State == ImportState.Listing || i.State == ImportState.Paused), ct)) return Running;
            var import = ImportJob.Create(
                user.OrganizationId, command.ProjectId, connection.Id, command.Prefix, JsonSerializer.Serialize(command.Include), JsonSerializer.Serialize(command.Exclude), user.PersonId, clock.GetUtcNow());
            db.Imports.Add(import);
            audit.Record(AuditActs.ImportStarted, command.ProjectId, [import.Id, connection.Id]);
            return ImportViews.Of(import, 0, 0, isWaiting: false);
        }
    }
}
