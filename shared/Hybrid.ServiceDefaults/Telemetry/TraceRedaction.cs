using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hybrid.ServiceDefaults.Logging;
using Hybrid.ServiceDefaults.Redaction;
using OpenTelemetry;

namespace Hybrid.ServiceDefaults.Telemetry;

/// <summary>
/// The one place that every span passes before an exporter sees it. Addresses go altogether: the route names the place, and an object's
/// key or a person's address has no business in a trace. What stays is redacted: attributes, events (an exception's message and stack
/// among them), links, status and name.
/// </summary>
internal sealed class TraceRedaction : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "url.full", "url.path", "url.query", "url.fragment", "http.url", "http.target", "http.path", "http.user_agent", "http.client_ip",
        "user_agent.original", "client.address", "client.port", "enduser.id", "db.statement", "db.query.text",
    };

    private static readonly string[] DroppedPrefixes = ["http.request.header.", "http.response.header.", "http.request.body", "http.response.body", "network.peer.", "net.peer.", "net.sock."];

    public override void OnEnd(Activity data)
    {
        foreach (var (name, value) in data.TagObjects.ToList())
        {
            if (IsDropped(name)) data.SetTag(name, null);
            else if (RedactedValue.Of(name, value) is var clean && !ReferenceEquals(clean, value)) data.SetTag(name, clean);
        }

        data.DisplayName = Redactor.Redact(data.DisplayName);
        if (data.StatusDescription is { } said) data.SetStatus(data.Status, Redactor.Redact(said));
        if (data.TraceStateString is { } state) data.TraceStateString = Redactor.Redact(state);

        // An activity offers no way to change an event or a link that was added. Its enumerator answers the stored value by reference,
        // read-only for callers: what is stored is replaced through it, before any exporter has it.
        foreach (ref readonly var happened in data.EnumerateEvents())
            Unsafe.AsRef(in happened) = new ActivityEvent(Redactor.Redact(happened.Name), happened.Timestamp, new ActivityTagsCollection(Clean(happened.Tags)));
        foreach (ref readonly var link in data.EnumerateLinks())
        {
            if (link.Tags is { } tags) Unsafe.AsRef(in link) = new ActivityLink(link.Context, new ActivityTagsCollection(Clean(tags)));
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Clean(IEnumerable<KeyValuePair<string, object?>> tags) =>
        tags.Where(t => !IsDropped(t.Key)).Select(t => KeyValuePair.Create(t.Key, RedactedValue.Of(t.Key, t.Value)));

    private static bool IsDropped(string name) => Dropped.Contains(name) || Array.Exists(DroppedPrefixes, p => name.StartsWith(p, StringComparison.Ordinal));
}
