using System.Diagnostics;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Telemetry;
using MediatR;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>Logs and measures the request's name, its outcome and its time; never its content.</summary>
internal sealed partial class LoggingBehavior<TRequest, TResponse>(ILogger<LoggingBehavior<TRequest, TResponse>> logger, ControlPlaneMetrics metrics)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IRefusable<TResponse>
{
    // Slices are nested (ClaimTask.Command): the outer name is the use case.
    private static readonly string Name = typeof(TRequest).DeclaringType?.Name ?? typeof(TRequest).Name;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = ControlPlaneMetrics.Failed;
        try
        {
            var response = await next();
            outcome = response.Refusal?.Code ?? ControlPlaneMetrics.Ok;
            return response;
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            metrics.Handled(Name, outcome, elapsed);
            if (logger.IsEnabled(LogLevel.Debug)) Handled(Name, outcome, elapsed.TotalMilliseconds);
        }
    }

    [LoggerMessage(1000, LogLevel.Debug, "{UseCase} → {Outcome} in {Milliseconds:0.0} ms")]
    private partial void Handled(string useCase, string outcome, double milliseconds);
}
