using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>A person's data for the person (GDPR 15, 20), by an admin who answers a request.</summary>
public static class ExportPerson
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapPost("/{personId:guid}/export", Endpoint).WithName(nameof(ExportPerson)).WithSummary("Exports a person.").Sends<Command>();

    private static async Task<Results<Ok<PersonExport>, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(personId), ct)).ToHttp();

    /// <summary>Whose.</summary>
    [Act(Acts.PeopleManage)]
    [StepUp]
    [Audits(AuditActs.PersonExported)]
    public sealed record Command(Guid PersonId) : ICommand<PersonExport>;

    internal sealed class Handler(PersonExporter exporter, AuditTrail audit) : IRequestHandler<Command, Result<PersonExport>>
    {
        public async Task<Result<PersonExport>> Handle(Command command, CancellationToken ct)
        {
            if (await exporter.OfAsync(command.PersonId, ct) is not { } export) return RequestErrors.NotFound;
            audit.Record(AuditActs.PersonExported, null, [command.PersonId]);
            return export;
        }
    }
}
