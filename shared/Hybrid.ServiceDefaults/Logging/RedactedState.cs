using System.Collections;
using System.Globalization;
using Hybrid.ServiceDefaults.Redaction;

namespace Hybrid.ServiceDefaults.Logging;

/// <summary>A record's or scope's message and values, without what must not be kept. Figures, times and ids stay as they are.</summary>
internal sealed class RedactedState : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string message;
    private readonly IReadOnlyList<KeyValuePair<string, object?>> values;

    private RedactedState(string message, IReadOnlyList<KeyValuePair<string, object?>> values) => (this.message, this.values) = (message, values);

    public int Count => values.Count;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public static RedactedState Of(object? state, string? message)
    {
        IReadOnlyList<KeyValuePair<string, object?>> values = state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? [.. pairs.Select(p => KeyValuePair.Create(Redactor.Redact(p.Key), RedactedValue.Of(p.Key, p.Value)))]
            : [];
        return new RedactedState(Redactor.Redact(message) ?? "", values);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => message;
}

/// <summary>One value of a record or of a trace.</summary>
internal static class RedactedValue
{
    public static object? Of(string name, object? value) => value switch
    {
        null or bool or Guid or DateTime or DateTimeOffset or TimeSpan or Enum => value,
        IConvertible and not string and not char => value,
        string text => Redactor.Redact(name, text),
        IEnumerable<string> texts => texts.Select(t => Redactor.Redact(name, t)).ToArray(),
        _ => Redactor.Redact(name, Convert.ToString(value, CultureInfo.InvariantCulture)),
    };
}
