using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Deletes a project whose name was typed: gone for everybody at once, for good after 30 days.</summary>
public static class DeleteProject
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPost("/{projectId:guid}/delete", Endpoint).WithName(nameof(DeleteProject)).WithSummary("Deletes a project; it can be restored for 30 days.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, body.Name), ct)).ToHttp();

    /// <summary>The project's name, typed by the person who deletes it.</summary>
    public sealed record Body(string Name);

    /// <summary>Which one, confirmed by its name.</summary>
    [Act(Acts.ProjectManage)]
    [StepUp]
    [Audits(AuditActs.ProjectDeleted)]
    public sealed record Command(Guid ProjectId, string Name) : ICommand<Response>, IInProject;

    /// <summary>Until when it can be restored.</summary>
    public sealed record Response(DateTimeOffset RestorableUntil);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Name).NotEmpty().MaximumLength(200);
    }

    internal sealed class Handler(ControlPlaneDb db, LeaseRelease leases, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        private static readonly Error OtherName = new(ErrorKind.Invalid, "project.other_name", "The typed name is not the project's.", "Nothing was deleted. Type the name exactly as it stands.");

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (!string.Equals(project.Name, command.Name.Trim(), StringComparison.Ordinal)) return OtherName;
            var now = clock.GetUtcNow();
            project.Delete(now);
            var held = await leases.OfProjectAsync(project.Id, ct);
            var imports = await ProjectEnd.CancelImportsAsync(db, project.Id, null, now, ct);
            audit.Record(AuditActs.ProjectDeleted, project.Id, [project.Id], new { leases = held, imports, until = now + Project.GracePeriod });
            return new Response(now + Project.GracePeriod);
        }
    }
}
