using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>One's own data (GDPR 15, 20).</summary>
public static class ExportOneself
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/me/export", Endpoint).WithTags("People").WithName(nameof(ExportOneself)).WithSummary("Exports one's own data.").Sends<Command>();

    private static async Task<Results<Ok<PersonExport>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(), ct)).ToHttp();

    /// <summary>The caller's.</summary>
    [Act(Acts.OrganizationUse)]
    [Audits(AuditActs.PersonExported)]
    public sealed record Command : ICommand<PersonExport>;

    internal sealed class Handler(PersonExporter exporter, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<PersonExport>>
    {
        public async Task<Result<PersonExport>> Handle(Command command, CancellationToken ct)
        {
            if (await exporter.OfAsync(user.PersonId, ct) is not { } export) return RequestErrors.NotFound;
            audit.Record(AuditActs.PersonExported, null, [user.PersonId]);
            return export;
        }
    }
}
