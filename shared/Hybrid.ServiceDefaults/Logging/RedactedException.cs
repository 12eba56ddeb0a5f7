using System.Diagnostics.CodeAnalysis;
using Hybrid.ServiceDefaults.Redaction;

namespace Hybrid.ServiceDefaults.Logging;

/// <summary>Stands for an exception whose message or stack held something that must not be kept; its text still names the real type.</summary>
#pragma warning disable CA1032, CA1064 // Never thrown, never caught: it only carries text to a sink.
internal sealed class RedactedException : Exception
#pragma warning restore CA1032, CA1064
{
    private readonly string text;

    private RedactedException(string message, string text)
        : base(message) => this.text = text;

    /// <summary>The exception itself when it holds nothing to hide.</summary>
    [return: NotNullIfNotNull(nameof(exception))]
    public static Exception? Of(Exception? exception)
    {
        if (exception is null) return null;
        var (message, text) = (exception.Message, exception.ToString());
        var (cleanMessage, cleanText) = (Redactor.Redact(message), Redactor.Redact(text));
        return ReferenceEquals(message, cleanMessage) && ReferenceEquals(text, cleanText) && exception.Data.Count == 0 ? exception : new RedactedException(cleanMessage, cleanText);
    }

    public override string ToString() => text;
}
