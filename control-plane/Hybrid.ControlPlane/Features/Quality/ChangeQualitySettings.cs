using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Puts other quality rules in force.</summary>
public static class ChangeQualitySettings
{
    internal static void Map(IEndpointRouteBuilder quality) => quality.MapPut("/settings", Endpoint).WithName(nameof(ChangeQualitySettings)).WithSummary("Changes what is measured and when it acts.").Sends<Command>();

    private static async Task<Results<Ok<ViewQualitySettingsResponse>, ProblemHttpResult>> Endpoint(Guid projectId, RulesView body, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), out var based)
            ? (await mediator.Send(new Command(projectId, based, body), ct)).ToHttp()
            : ResultToHttp.ToProblem(Projects.ProjectErrors.NoPrecondition);

    /// <summary>Rules based on a version of them.</summary>
    [Act(Acts.QualityManage)]
    [Audits(AuditActs.QualitySettingsChanged)]
    public sealed record Command(Guid ProjectId, int BasedOn, RulesView Rules) : ICommand<ViewQualitySettingsResponse>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Rules).NotNull().SetValidator(new RulesView.Validator());
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<ViewQualitySettingsResponse>>
    {
        public async Task<Result<ViewQualitySettingsResponse>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            var settings = await db.QualitySettings.SingleOrDefaultAsync(s => s.ProjectId == project.Id, ct);
            // The first change begins at version 1; nothing stands at 0.
            if ((settings?.Version ?? 0) != command.BasedOn) return QualityErrors.Stale;
            var rules = command.Rules.ToRules();
            if (rules == (settings?.Rules ?? QualityRules.Default))
            {
                audit.NothingHappened = true;
                return new ViewQualitySettingsResponse(command.BasedOn, RulesView.Of(rules));
            }

            if (settings is null) db.QualitySettings.Add(QualitySettings.Create(project.OrganizationId, project.Id, rules));
            else settings.Change(rules);
            project.MixHoneypots(rules.HoneypotShare > 0);
            audit.Record(AuditActs.QualitySettingsChanged, project.Id, [project.Id], new { version = command.BasedOn + 1, rules });
            return new ViewQualitySettingsResponse(command.BasedOn + 1, RulesView.Of(rules));
        }
    }
}
