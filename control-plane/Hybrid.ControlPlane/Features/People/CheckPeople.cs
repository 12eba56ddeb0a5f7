using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Judges a list of people line by line; nothing is changed.</summary>
public static class CheckPeople
{
    internal static void Map(IEndpointRouteBuilder jobs) =>
        jobs.MapPost("/check", Endpoint).WithName(nameof(CheckPeople)).WithSummary("Judges a list of people, line by line; changes nothing.").Sends<Query>().ChangesNothing("it judges and writes nothing");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Query body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>What to do with whom.</summary>
    /// <param name="Kind">Add people with their roles and teams, or remove them from projects.</param>
    /// <param name="Format">How the content is written.</param>
    /// <param name="Content">CSV text, or an .xlsx workbook in base64: e-mail, name, project, role, team; with a head, or in this order.</param>
    [Act(Acts.PeopleManage)]
    public sealed record Query(PeopleJobKind Kind, SheetFormat Format, string Content) : IQuery<Response>;

    /// <summary>The verdict on each line, in order, and how many of which.</summary>
    public sealed record Response(int Changes, int Unchanged, int Refused, IReadOnlyList<Line> Lines);

    /// <summary>A line as it was read, and what becomes of it.</summary>
    public sealed record Line(int Number, string Email, string Name, string Project, string Role, string Team, LineOutcome Outcome, IReadOnlyList<string> Codes);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).IsInEnum();
            RuleFor(c => c.Format).IsInEnum();
            RuleFor(c => c.Content).NotEmpty().MaximumLength(PeopleSheet.MostCharacters);
        }
    }

    internal sealed class Handler(PeoplePlan plan, ICurrentUser user) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var lines = PeopleSheet.Read(query.Format, query.Content);
            if (!lines.IsSuccess) return lines.Refusal!;
            await plan.BeginAsync(user.PersonId, ct);
            var verdicts = await plan.JudgeAsync(query.Kind, lines.Value, ct);
            return new Response(
                verdicts.Count(v => v.Outcome == LineOutcome.Changes), verdicts.Count(v => v.Outcome == LineOutcome.Unchanged), verdicts.Count(v => v.Outcome == LineOutcome.Refused),
                [.. lines.Value.Zip(verdicts, (l, v) => new Line(l.Number, l.Email, l.Name, l.Project, l.Role, l.Team, v.Outcome, v.Codes))]);
        }
    }
}
