using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Asks a second factor of a project's people, from a role upwards.</summary>
public static class RequireMfa
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapPut("/{projectId:guid}/mfa", Endpoint).WithName(nameof(RequireMfa)).WithSummary("Requires a second factor, from a role upwards.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, body.From), ct)).ToHttp();

    /// <summary>The least role that needs it; null = nobody.</summary>
    public sealed record Body(ProjectRole? From);

    /// <summary>Requires it.</summary>
    [Act(Acts.ProjectManage)]
    [StepUp]
    [Audits(AuditActs.ProjectMfaChanged)]
    public sealed record Command(Guid ProjectId, ProjectRole? From) : ICommand<Done>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.From).IsInEnum();
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            project.RequireMfa(command.From);
            audit.Record(AuditActs.ProjectMfaChanged, project.Id, [project.Id], new { from = command.From?.ToString() });
            return Done.Value;
        }
    }
}
