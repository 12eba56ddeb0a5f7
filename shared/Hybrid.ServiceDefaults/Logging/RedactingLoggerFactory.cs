using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults.Logging;

/// <summary>
/// The one place that every log record passes on its way to any provider: it stands in front of them all, in the place of the host's
/// own factory, so that neither the console nor OTLP nor a provider that somebody adds later ever sees what was logged.
/// </summary>
internal sealed class RedactingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new RedactingLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class RedactingLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(RedactedState.Of(state, state.ToString()));

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel)) return;
            inner.Log(logLevel, eventId, RedactedState.Of(state, formatter(state, exception)), RedactedException.Of(exception), static (s, _) => s.ToString());
        }
    }
}
