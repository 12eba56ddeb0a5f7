using System.Text.Json;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Starts a job over a list of people. The same list again finds everything as it should be.</summary>
public static class StartPeopleJob
{
    internal static void Map(IEndpointRouteBuilder jobs) =>
        jobs.MapPost("", Endpoint).WithName(nameof(StartPeopleJob)).WithSummary("Starts a job over a list of people.").Sends<Command>();

    private static async Task<Results<Ok<PeopleJobView>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, PeopleWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(body, ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>What to do with whom.</summary>
    /// <param name="Kind">Add people with their roles and teams, or remove them from projects.</param>
    /// <param name="Format">How the content is written.</param>
    /// <param name="Content">CSV text, or an .xlsx workbook in base64: e-mail, name, project, role, team; with a head, or in this order.</param>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.PeopleJobStarted)]
    public sealed record Command(PeopleJobKind Kind, SheetFormat Format, string Content) : ICommand<PeopleJobView>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).IsInEnum();
            RuleFor(c => c.Format).IsInEnum();
            RuleFor(c => c.Content).NotEmpty().MaximumLength(PeopleSheet.MostCharacters);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<PeopleJobView>>
    {
        private static readonly Error Running = new(ErrorKind.Conflict, "people_job.running", "Five jobs over people are waiting already.", "Nothing was changed. Wait until one is done.");

        public async Task<Result<PeopleJobView>> Handle(Command command, CancellationToken ct)
        {
            var lines = PeopleSheet.Read(command.Format, command.Content);
            if (!lines.IsSuccess) return lines.Refusal!;
            if (await db.PeopleJobs.CountAsync(j => j.State == PeopleJobState.Running, ct) >= 5) return Running;
            var job = PeopleJob.Create(user.OrganizationId, command.Kind, JsonSerializer.Serialize(lines.Value, PeopleJobs.Json), lines.Value.Count, user.PersonId, clock.GetUtcNow());
            db.PeopleJobs.Add(job);
            audit.Record(AuditActs.PeopleJobStarted, null, [job.Id], new { kind = command.Kind.ToString(), lines = lines.Value.Count });
            return PeopleJobs.View(job, null);
        }
    }
}
