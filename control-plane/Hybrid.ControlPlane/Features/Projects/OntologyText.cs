using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.Quality.Labels;
using Hybrid.Security;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>An ontology that keeps its rules, as canonical JSON.</summary>
/// <param name="Text">RFC 8785 canonical JSON.</param>
/// <param name="Digest">SHA-256 of it.</param>
internal sealed record OntologyText(string Text, byte[] Digest)
{
    /// <summary>What a project begins with when nothing else is given.</summary>
    public static JsonElement Default { get; } = JsonDocument.Parse(
        """{"tools":[{"id":"object","kind":"box","name":"Object","color":"#E4572E","key":"1"}],"questions":[],"relations":[]}""").RootElement.Clone();

    /// <summary>Checks and canonicalizes, or the refusal with every violation.</summary>
    public static Result<OntologyText> Read(JsonElement document)
    {
        var read = OntologyReader.Read(document);
        if (read.Violations.Count > 0) return ProjectErrors.BadOntology(read.Violations);
        var canonical = CanonicalJson.Serialize(document);
        return new OntologyText(Encoding.UTF8.GetString(canonical), SHA256.HashData(canonical));
    }
}
