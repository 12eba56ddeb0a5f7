using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>What a host logged under its own categories, by event.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> lines = new();

    public IReadOnlyList<string> Of(int eventId) => [.. lines.Where(l => l.Id == eventId).Select(l => l.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
