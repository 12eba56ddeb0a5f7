using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Labels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>
/// Ontology versions as they are checked against. A version never changes once it is published, so that what was read once is kept; a version
/// is asked for by whom its project's row was shown to in the same transaction.
/// </summary>
internal sealed class PublishedOntologies : IDisposable
{
    // As many characters of documents as they were read from; the read ones take a few times as much.
    private const int Room = 16 * 1024 * 1024;

    private static readonly HotQuery<Func<ControlPlaneDb, Guid, int, CancellationToken, Task<string>>> DocumentOf = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid project, int number, CancellationToken _) =>
            db.OntologyVersions.Where(o => o.ProjectId == project && o.Number == number).Select(o => o.Document).Single()));

    private readonly MemoryCache read = new(new MemoryCacheOptions { SizeLimit = Room });

    /// <summary>A version of a project's ontology.</summary>
    /// <param name="db">The transaction in which the project was seen.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="number">The version's number.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Ontology> FindAsync(ControlPlaneDb db, Guid projectId, int number, CancellationToken ct)
    {
        if (read.TryGetValue((projectId, number), out Ontology? known)) return known!;
        var document = await DocumentOf.In(db)(db, projectId, number, ct);
        var (ontology, _) = OntologyReader.Read(JsonElement.Parse(document));
        return read.Set((projectId, number), ontology, new MemoryCacheEntryOptions { Size = document.Length });
    }

    /// <inheritdoc/>
    public void Dispose() => read.Dispose();
}
