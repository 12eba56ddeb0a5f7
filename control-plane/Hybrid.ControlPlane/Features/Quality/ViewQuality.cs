using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Intervals;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Shows what was measured: distributions of consensus and honeypot scores, figures of each person with their intervals, and how people agree with each
/// other (workflow-and-quality.md § Quality measures). It is a view about people: managers see names.
/// </summary>
public static class ViewQuality
{
    /// <summary>So many of the newest rows of each kind are looked at.</summary>
    private const int MostRows = 20_000;

    /// <summary>So many of a person's newest observations make a figure.</summary>
    private const int MostOfPerson = 500;

    private const int Bins = 10;

    internal static void Map(IEndpointRouteBuilder quality) => quality.MapGet("", Endpoint).WithName(nameof(ViewQuality)).WithSummary("What was measured of labels and people.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The figures.</summary>
    /// <param name="Minimum">Least n with a figure.</param>
    /// <param name="MostRows">So many of the newest rows of each kind were looked at.</param>
    /// <param name="MostOfPerson">So many of a person's newest observations make a figure.</param>
    /// <param name="Consensus">Of assets that several people answered for.</param>
    /// <param name="Honeypots">Of known answers.</param>
    /// <param name="People">By name.</param>
    /// <param name="Matrix">Of people who answered for the same assets.</param>
    public sealed record Response(
        int Minimum, int MostRows, int MostOfPerson, ConsensusFigures Consensus, HoneypotFigures Honeypots, IReadOnlyList<PersonItem> People, IReadOnlyList<Cell> Matrix);

    /// <summary>Consensus.</summary>
    /// <param name="Gathering">Assets whose answers are waited for.</param>
    /// <param name="Settled">Assets whose answers were compared.</param>
    /// <param name="Escalated">Of them sent to review for it.</param>
    /// <param name="Blocked">Assets that are not done for it.</param>
    /// <param name="Agreement">Mean over assets.</param>
    /// <param name="Histogram">Assets by agreement, ten bins from 0 to 1.</param>
    public sealed record ConsensusFigures(int Gathering, int Settled, int Escalated, int Blocked, EstimateView Agreement, IReadOnlyList<int> Histogram);

    /// <summary>Honeypots.</summary>
    /// <param name="Active">Given to people.</param>
    /// <param name="Retired">No more.</param>
    /// <param name="Score">Mean over answers.</param>
    /// <param name="Histogram">Answers by score, ten bins from 0 to 1.</param>
    public sealed record HoneypotFigures(int Active, int Retired, EstimateView Score, IReadOnlyList<int> Histogram);

    /// <summary>One person.</summary>
    /// <param name="Person">Who.</param>
    /// <param name="Consensus">Mean agreement over assets shared with others.</param>
    /// <param name="Honeypots">Mean agreement with known answers.</param>
    /// <param name="LastHoneypots">The same over the last ones (the settings' window).</param>
    /// <param name="ReviewScore">Mean of the reviewers' scores, 1 to 5.</param>
    /// <param name="CorrectionRate">Share of reviewed labels that a reviewer changed (Wilson 1927).</param>
    /// <param name="ReviewAgreement">Mean agreement before and after review.</param>
    /// <param name="Paused">They may not claim.</param>
    /// <param name="Drift">Their honeypot scores fall.</param>
    public sealed record PersonItem(
        PersonRef Person, EstimateView Consensus, EstimateView Honeypots, EstimateView LastHoneypots, EstimateView ReviewScore, EstimateView CorrectionRate, EstimateView ReviewAgreement,
        PauseItem? Paused, DriftItem? Drift);

    /// <summary>The figures that paused somebody.</summary>
    public sealed record PauseItem(DateTimeOffset Since, int N, double Score, double Upper, double Threshold);

    /// <summary>The figures of an alert.</summary>
    public sealed record DriftItem(DateTimeOffset Since, int N, double Sum);

    /// <summary>Two people's agreement.</summary>
    /// <param name="One">A person.</param>
    /// <param name="Other">Another.</param>
    /// <param name="Assets">That both answered for and that can be compared.</param>
    /// <param name="Agreement">Mean; null below the minimum.</param>
    public sealed record Cell(PersonRef One, PersonRef Other, int Assets, double? Agreement);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var id = query.ProjectId;
            var rules = (await db.QualitySettings.AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == id, ct))?.Rules ?? QualityRules.Default;
            var minimum = Math.Max(2, rules.Minimum);
            var rounds = await db.ConsensusRounds.AsNoTracking().Where(c => c.ProjectId == id && (c.State == ConsensusState.Settled || c.State == ConsensusState.Blocked)).OrderByDescending(c => c.SettledAt).Take(MostRows)
                .Select(c => new { c.Agreement, c.Escalated, c.State }).ToListAsync(ct);
            var gathering = await db.ConsensusRounds.CountAsync(c => c.ProjectId == id && c.State == ConsensusState.Gathering, ct);
            var pairs = await db.LabelPairs.AsNoTracking().Where(p => p.ProjectId == id && p.Agreement != null).OrderByDescending(p => p.AssetId).Take(MostRows)
                .Select(p => new { p.AssetId, One = p.FirstPersonId, Other = p.SecondPersonId, Value = p.Agreement!.Value }).ToListAsync(ct);
            var scores = await db.HoneypotScores.AsNoTracking().Where(s => s.ProjectId == id && s.Score != null).OrderByDescending(s => s.AnsweredAt).ThenByDescending(s => s.LabelId).Take(MostRows)
                .Select(s => new { s.PersonId, Value = s.Score!.Value }).ToListAsync(ct);
            var reviews = await (
                from r in db.Reviews.AsNoTracking()
                join l in db.Labels.AsNoTracking() on r.LabelId equals l.Id
                where r.ProjectId == id && l.Origin == LabelOrigin.Human
                orderby r.CreatedAt descending
                select new { l.AuthorId, r.Score, r.Outcome, r.Agreement }).Take(MostRows).ToListAsync(ct);
            var standings = await db.LabelerStandings.AsNoTracking().Where(s => s.ProjectId == id).ToDictionaryAsync(s => s.PersonId, ct);
            var active = await db.Honeypots.CountAsync(h => h.ProjectId == id && h.RetiredAt == null, ct);
            var retired = await db.Honeypots.CountAsync(h => h.ProjectId == id && h.RetiredAt != null, ct);

            // Each asset that a person shares weighs the same, however many others answered for it.
            var shared = pairs.SelectMany(p => new[] { (Person: p.One, p.AssetId, p.Value), (Person: p.Other, p.AssetId, p.Value) })
                .GroupBy(p => (p.Person, p.AssetId)).Select(g => (g.Key.Person, Value: g.Select(p => p.Value).Order().Average())).ToLookup(p => p.Person, p => p.Value);
            var scored = scores.ToLookup(s => s.PersonId, s => s.Value);
            var reviewed = reviews.ToLookup(r => r.AuthorId);
            var known = shared.Select(g => g.Key).Concat(scored.Select(g => g.Key)).Concat(reviewed.Select(g => g.Key)).Concat(standings.Keys).Distinct().ToList();
            var refs = await people.NamedAsync(known, ct);

            EstimateView Mean(IEnumerable<double> values, Guid person) => EstimateView.Of(Bootstrap.Mean(values.Take(MostOfPerson), HoneypotScoring.SeedOf(person), minimum));
            PersonItem Of(Guid person)
            {
                var (mine, standing) = (reviewed[person].Take(MostOfPerson).ToList(), standings.GetValueOrDefault(person));
                return new PersonItem(
                    refs[person], Mean(shared[person], person), Mean(scored[person], person), Mean(scored[person].Take(rules.Window), person),
                    Mean(mine.Where(r => r.Score != null).Select(r => (double)r.Score!.Value), person),
                    EstimateView.Of(Wilson.Interval(mine.Count(r => r.Outcome != ReviewOutcome.Approved), mine.Count, minimum)),
                    Mean(mine.Where(r => r.Agreement != null).Select(r => r.Agreement!.Value), person),
                    standing is { PausedAt: { } since } ? new PauseItem(since, standing.PauseN ?? 0, standing.PauseScore ?? 0, standing.PauseUpper ?? 0, standing.PauseThreshold ?? 0) : null,
                    standing is { DriftingAt: { } at } ? new DriftItem(at, standing.DriftN ?? 0, standing.DriftSum ?? 0) : null);
            }

            var cells = pairs.Where(p => refs.ContainsKey(p.One) && refs.ContainsKey(p.Other))
                .GroupBy(p => p.One.CompareTo(p.Other) < 0 ? (p.One, p.Other) : (p.Other, p.One))
                .Select(g => new Cell(refs[g.Key.Item1], refs[g.Key.Item2], g.Count(), g.Count() < minimum ? null : g.Select(p => p.Value).Order().Average()));
            var agreements = rounds.Select(r => r.Agreement).OfType<double>().ToList();
            return new Response(
                minimum, MostRows, MostOfPerson,
                new ConsensusFigures(gathering, rounds.Count, rounds.Count(r => r.Escalated), rounds.Count(r => r.State == ConsensusState.Blocked), Mean(agreements, id), Histogram(agreements)),
                new HoneypotFigures(active, retired, Mean(scores.Select(s => s.Value), id), Histogram(scores.Select(s => s.Value))),
                [.. known.Where(refs.ContainsKey).Select(Of).OrderBy(p => p.Person.Name, StringComparer.CurrentCulture).ThenBy(p => p.Person.Id, StringComparer.Ordinal)],
                [.. cells.OrderBy(c => c.One.Name, StringComparer.CurrentCulture).ThenBy(c => c.Other.Name, StringComparer.CurrentCulture)]);
        }

        private static int[] Histogram(IEnumerable<double> values)
        {
            var bins = new int[Bins];
            foreach (var value in values) bins[Math.Clamp((int)(value * Bins), 0, Bins - 1)]++;
            return bins;
        }
    }
}
