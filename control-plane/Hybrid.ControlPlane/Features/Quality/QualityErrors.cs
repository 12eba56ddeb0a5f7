using System.Text.Json;
using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Refusals about quality.</summary>
internal static class QualityErrors
{
    public static readonly Error Stale = new(ErrorKind.Conflict, "quality.stale", "Somebody changed the quality settings first.", "Nothing was changed; what you typed stays in this page. Load the newest settings and apply your changes to them.");
    public static readonly Error NotTheAnswer = new(ErrorKind.Unprocessable, "honeypot.not_the_answer", "The label is not the asset's own answer.", "Nothing was changed. Choose a version of the asset's answer, not one of several that were compared.");
    public static readonly Error InWork = new(ErrorKind.Conflict, "honeypot.asset_in_work", "The asset is still in work.", "Nothing was changed. Only what is done can be made a honeypot: whoever works on it would know it.");
    public static readonly Error Exists = new(ErrorKind.Conflict, "honeypot.exists", "The asset is, or was, a honeypot already.", "Nothing was changed. People know those that are retired; take another asset.");
    public static readonly Error OwnPause = new(ErrorKind.Forbidden, "labeler.own_pause", "Nobody lifts their own pause.", "Nothing was changed. Another manager of the project can lift it.");

    public static Error Lines(IReadOnlyList<object> lines) => new(
        ErrorKind.Unprocessable, "honeypot.lines_refused", "Some of the known answers cannot be taken.", "Nothing was changed. Each entry says which line, and why; correct them and send all again.")
    {
        Extensions = new Dictionary<string, object?> { ["lines"] = JsonSerializer.SerializeToElement(lines, JsonSerializerOptions.Web) },
    };
}
