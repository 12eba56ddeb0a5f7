using System.Text.Json;
using Hybrid.ControlPlane.Domain.Guidelines;
using Hybrid.ControlPlane.Infrastructure.People;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>One version with its text.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Text">Markdown; pictures stand in it as <c>picture:ID</c>.</param>
/// <param name="Sections">Markdown by class (tool id).</param>
/// <param name="Reason">Why it was published.</param>
/// <param name="MustRead">It is to be read before the next claim.</param>
/// <param name="By">Who published it.</param>
/// <param name="At">When.</param>
/// <param name="Digest">SHA-256 of text and sections, hexadecimal.</param>
public sealed record GuidelineView(int Version, string Text, IReadOnlyDictionary<string, string> Sections, string Reason, bool MustRead, PersonRef? By, DateTimeOffset At, string Digest)
{
    internal static GuidelineView Of(GuidelineVersion version, PersonRef? by, DateTimeOffset at) =>
        new(version.Number, version.Text, JsonSerializer.Deserialize<Dictionary<string, string>>(version.Sections)!, version.Reason, version.MustRead, by, at, Convert.ToHexStringLower(version.Digest));
}
