using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Makes honeypots of assets whose right answer comes from outside: each gets it as the first version of its answer, is done by it, and nobody is
/// asked for it any more. All of them or none.
/// </summary>
public static class ImportGroundTruth
{
    internal static void Map(IEndpointRouteBuilder honeypots) => honeypots.MapPost("/import", Endpoint).WithName(nameof(ImportGroundTruth)).WithSummary("Makes honeypots of known answers.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.Lines), ct)).ToHttp();

    /// <summary>1 to 500 known answers.</summary>
    public sealed record Body(IReadOnlyList<Line> Lines);

    /// <summary>One known answer.</summary>
    /// <param name="Name">The asset's name (object key) in the project.</param>
    /// <param name="ConnectionId">Where the name is, when several connections have it.</param>
    /// <param name="Document">The label document (<c>hybrid.label/1</c>).</param>
    public sealed record Line(string Name, Guid? ConnectionId, System.Text.Json.JsonElement Document);

    /// <summary>Imports.</summary>
    [Act(Acts.QualityManage)]
    [Audits(AuditActs.HoneypotCreated)]
    public sealed record Command(Guid ProjectId, IReadOnlyList<Line> Lines) : ICommand<Response>, IInProject;

    /// <summary>The honeypots, in the order of the lines.</summary>
    public sealed record Response(IReadOnlyList<Guid> Ids);

    internal sealed class Validator : AbstractValidator<Command>
    {
        private const int Most = 500;

        public Validator()
        {
            RuleFor(c => c.Lines).NotNull().Must(l => l is null || l.Count is >= 1 and <= Most).WithMessage("Send 1 to 500 known answers at once.");
            RuleForEach(c => c.Lines).NotNull().ChildRules(line => line.RuleFor(l => l.Name).NotEmpty().MaximumLength(1024));
        }
    }

    internal sealed class Handler(ControlPlaneDb db, LabelWriter writer, HeldTask held, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var refused = new List<object>();
            var ids = new List<Guid>();
            var seen = new HashSet<Guid>();
            foreach (var (line, at) in command.Lines.Select((l, at) => (l, at)))
            {
                var assets = await db.Assets.AsNoTracking().Where(a => a.ProjectId == command.ProjectId && a.Key == line.Name && (line.ConnectionId == null || a.ConnectionId == line.ConnectionId)).Select(a => a.Id).Take(2).ToListAsync(ct);
                var reason = assets.Count switch { 0 => "no_such_asset", 1 => seen.Add(assets[0]) ? null : "twice", _ => "several_connections" };
                if (reason is not null)
                {
                    refused.Add(new { line = at, name = line.Name, reason });
                    continue;
                }

                var tasks = await db.Tasks.Where(t => t.AssetId == assets[0]).Take(2).ToListAsync(ct);
                if (tasks is not [{ State: TaskState.Open, Purpose: TaskPurpose.Ordinary, Round: 1 } task] || (task.HolderId is not null && task.HeldUntil > clock.GetUtcNow()))
                {
                    refused.Add(new { line = at, name = line.Name, reason = "in_work" });
                    continue;
                }

                var written = await writer.WriteAsync(task, line.Document, 0, LabelOrigin.Import, "ground-truth", ct);
                if (!written.IsSuccess)
                {
                    refused.Add(new { line = at, name = line.Name, reason = written.Refusal!.Code, violations = written.Refusal.Extensions?.GetValueOrDefault("violations") });
                    continue;
                }

                task.Finish(user.PersonId, written.Value.Id, clock.GetUtcNow());
                await held.RememberWorkAsync(task, ct);
                var honeypot = Honeypot.Create(written.Value, user.PersonId, clock.GetUtcNow());
                db.Honeypots.Add(honeypot);
                ids.Add(honeypot.Id);
                audit.Record(AuditActs.HoneypotCreated, command.ProjectId, [honeypot.Id, task.AssetId, written.Value.Id], new { by = "import", digest = Convert.ToHexStringLower(written.Value.Digest) });
            }

            return refused.Count > 0 ? QualityErrors.Lines(refused) : new Response(ids);
        }
    }
}
