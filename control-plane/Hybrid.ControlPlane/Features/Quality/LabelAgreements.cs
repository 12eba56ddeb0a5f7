using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Agreement;
using Hybrid.Quality.Labels;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Agreement of stored labels (workflow-and-quality.md § Quality measures), a function of the two documents, their ontology and the asset's size alone.</summary>
internal sealed class LabelAgreements(ControlPlaneDb db, PublishedOntologies ontologies)
{
    /// <summary>Compares two labels of one asset under the later of their ontology versions.</summary>
    /// <param name="first">The one, or the truth.</param>
    /// <param name="second">The other.</param>
    /// <param name="firstIsTruth">Whether the first is the truth.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>0 to 1, null when nothing in them can be compared; and the ontology version.</returns>
    public async Task<(double? Value, int Ontology)> OfAsync(Label first, Label second, bool firstIsTruth, CancellationToken ct)
    {
        var version = Math.Max(first.OntologyVersion, second.OntologyVersion);
        var size = await db.Assets.AsNoTracking().Where(a => a.Id == first.AssetId).Select(a => new AssetSize(a.Width, a.Height)).SingleAsync(ct);
        var ontology = await ontologies.FindAsync(db, first.ProjectId, version, ct);
        return (LabelComparison.Compare(Read(first), Read(second), ontology, size, new AgreementSettings(FirstIsTruth: firstIsTruth)).Value, version);
    }

    /// <summary>A label's document.</summary>
    public static JsonObject Read(Label label) => JsonObject.Create(Documents.Read(label.Document))!;
}
