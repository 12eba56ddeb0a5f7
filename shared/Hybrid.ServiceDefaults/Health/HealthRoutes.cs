using Hybrid.ServiceDefaults.Redaction;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hybrid.ServiceDefaults.Health;

/// <summary>Health over HTTP: on the public port it names the checks that failed and no more; operators also read why.</summary>
internal static class HealthRoutes
{
    public const string Ready = "ready";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health");
        health.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (context, report) => WriteAsync(context, report, forOperators: false) });
        health.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = IsForReadiness, ResponseWriter = (context, report) => WriteAsync(context, report, forOperators: false) });
        return health;
    }

    public static bool IsForReadiness(HealthCheckRegistration check) => check.Tags.Contains(Ready);

    public static Task WriteAsync(HttpContext context, HealthReport report, bool forOperators)
    {
        var failed = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).OrderBy(e => e.Key, StringComparer.Ordinal).ToList();
        context.Response.StatusCode = failed.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        var status = failed.Count == 0 ? "ok" : "failed";
        return forOperators
            ? context.Response.WriteAsJsonAsync(new { status, failed = failed.ToDictionary(e => e.Key, e => Reason(e.Value), StringComparer.Ordinal) })
            : context.Response.WriteAsJsonAsync(new { status, failed = failed.Select(e => e.Key) });
    }

    // The framework takes an exception's message for the description: that one stays in the log.
    private static string Reason(HealthReportEntry check) => check.Exception is { } exception
        ? $"The check ended in {exception.GetType().Name}: see the log."
        : Redactor.Redact(check.Description) ?? "The check gave no reason.";
}
