using System.Runtime.InteropServices;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Labels;
using Hybrid.Security;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Writes the next label version of an asset: checked, normalized, canonical, with its classes.</summary>
internal sealed class LabelWriter(ControlPlaneDb db, ICurrentUser user, PublishedOntologies ontologies, TimeProvider clock)
{
    private static readonly Error TooLarge = new(
        ErrorKind.Unprocessable, "label.too_large", "The label is larger than 20 MB.", "Your draft is kept. Split the work, or draw with fewer points.");

    private static readonly HotQuery<Func<ControlPlaneDb, Guid, int, CancellationToken, Task<AssetFacts>>> FactsOf = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid asset, int strand, CancellationToken _) => (
            from a in db.Assets.AsNoTracking()
            join p in db.Projects.AsNoTracking() on a.ProjectId equals p.Id
            where a.Id == asset
            // One value at a time: of both together EF makes a join that numbers every label of the organization.
            select new AssetFacts(
                a.Width, a.Height, p.OntologyVersion, p.GuidelineVersion,
                db.Labels.Where(l => l.AssetId == a.Id && l.Strand == strand).OrderByDescending(l => l.Number).Select(l => (Guid?)l.Id).FirstOrDefault(),
                db.Labels.Where(l => l.AssetId == a.Id && l.Strand == strand).Max(l => (int?)l.Number))).Single()));

    /// <summary>Adds the version, or refuses with every violation.</summary>
    public async Task<Result<Label>> WriteAsync(WorkTask task, JsonElement document, long activeMs, LabelOrigin origin, string key, CancellationToken ct)
    {
        var facts = await FactsOf.In(db)(db, task.AssetId, task.Strand, ct);
        if (document.ValueKind == JsonValueKind.Object && JsonMarshal.GetRawUtf8Value(document).Length > Documents.MaxBytes) return TooLarge;
        var ontology = await ontologies.FindAsync(db, task.ProjectId, facts.Ontology, ct);
        var check = LabelValidator.Check(document, ontology, facts.Ontology, new AssetSize(facts.Width, facts.Height));
        if (check.Violations.Count > 0) return TaskErrors.Invalid(check.Violations);

        var content = Documents.Keep(check.Document, check.Classes.Sum(c => c.Count));
        var label = Label.Create(task, user.PersonId, (facts.LastNumber ?? 0) + 1, facts.LastId, facts.Ontology, facts.Guideline, content, activeMs, origin, key, clock.GetUtcNow());
        db.Labels.Add(label);
        db.LabelClasses.AddRange(check.Classes.Select(c => LabelClass.Create(
            label, c.Tool, c.Count, c.Extent is { } e ? (e.MinX, e.MinY, e.MaxX, e.MaxY) : null)));
        return label;
    }

    /// <summary>Whether a document is, once normalized, the very one that a version keeps.</summary>
    public async Task<bool> IsSameAsync(Guid labelId, JsonElement document, CancellationToken ct)
    {
        var kept = await db.Labels.AsNoTracking().Where(l => l.Id == labelId).Select(l => new { l.Digest, l.ProjectId, l.OntologyVersion }).SingleAsync(ct);
        var check = LabelValidator.Check(document, await ontologies.FindAsync(db, kept.ProjectId, kept.OntologyVersion, ct), kept.OntologyVersion, default);
        return check.Violations.Count == 0 && CanonicalJson.Digest(JsonSerializer.SerializeToElement(check.Document)).AsSpan().SequenceEqual(kept.Digest);
    }

    /// <summary>What the audit log keeps of a version: figures and digests, never content.</summary>
    public static object Facts(Label label, IReadOnlyList<object> sampling) => new
    {
        version = label.Number,
        digest = Convert.ToHexStringLower(label.Digest),
        objects = label.ObjectCount,
        ontology = label.OntologyVersion,
        guideline = label.GuidelineVersion,
        workflow = label.WorkflowVersion,
        round = label.Round,
        activeMs = label.ActiveMs,
        sampling,
    };

    private sealed record AssetFacts(int? Width, int? Height, int Ontology, int? Guideline, Guid? LastId, int? LastNumber);
}
