using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Access;

/// <summary>The access review as a file for a spreadsheet.</summary>
public static class ExportAccess
{
    internal static void Map(IEndpointRouteBuilder access) =>
        access.MapGet("/file", Endpoint).WithName(nameof(ExportAccess)).WithSummary("The access review as CSV.").Sends<Query>();

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, Guid? projectId = null, string? search = null) =>
        (await mediator.Send(new Query(projectId, search), ct)).ToCsv("access-review.csv");

    /// <summary>Of one project, or of all.</summary>
    [Act(Acts.AccessReview)]
    public sealed record Query(Guid? ProjectId, string? Search) : IQuery<string>;

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Search).MaximumLength(200);
    }

    internal sealed class Handler(AccessRows rows) : IRequestHandler<Query, Result<string>>
    {
        private const int MostRows = 100_000;

        private static readonly string[] Head = ["person", "email", "project", "role", "way", "since", "valid from", "valid until", "last active", "last label", "confirmed", "confirmed by"];

        private static readonly Error TooMany = new(ErrorKind.Invalid, "access.too_many_rows", $"There are more than {MostRows:N0} rows.", "Nothing was written. Choose one project, or narrow the search.");

        public async Task<Result<string>> Handle(Query query, CancellationToken ct)
        {
            var (items, total) = await rows.OfAsync(query.ProjectId, query.Search, 0, MostRows, ct);
            if (total > MostRows) return TooMany;
            return CsvAnswer.Write(Head, items.Select(r => (IReadOnlyList<string?>)
            [
                r.Person.Name, r.Email, r.Project, r.Role.ToString(), r.TeamId is null ? "own role" : $"team {r.Team}", CsvAnswer.At(r.Since), CsvAnswer.At(r.ValidFrom), CsvAnswer.At(r.ValidUntil),
                CsvAnswer.At(r.LastActiveAt), CsvAnswer.At(r.LastLabelAt), CsvAnswer.At(r.ConfirmedAt), r.ConfirmedBy?.Name,
            ]));
        }
    }
}
