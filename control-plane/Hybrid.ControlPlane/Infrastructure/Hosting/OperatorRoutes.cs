using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ServiceDefaults;

namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>Health for operators, and the browser's own policy reports.</summary>
internal static partial class OperatorRoutes
{
    public static void MapOperator(this WebApplication app)
    {
        app.MapServiceDefaults().OpenToAll("says only that the process lives, whether it can serve, and which check failed").ChangesNothing("reads");
        app.MapPost("/api/csp-reports", async (HttpContext context, ILoggerFactory logs) =>
        {
            // Only the directive is kept: addresses in a report could be somebody's.
            var buffer = new char[4096];
            using var reader = new StreamReader(context.Request.Body);
            var text = new string(buffer, 0, await reader.ReadBlockAsync(buffer));
            var directive = System.Text.RegularExpressions.Regex.Match(text, "\"(?:effective-directive|effectiveDirective)\"\\s*:\\s*\"([a-z-]{1,40})\"").Groups[1].Value;
            Violated(logs.CreateLogger("Hybrid.ControlPlane.ContentSecurityPolicy"), directive);
            return Results.NoContent();
        }).OpenToAll("browsers report on their own").ChangesNothing("a line in the log of operators").ExcludeFromDescription();
    }

    [LoggerMessage(1900, LogLevel.Warning, "A page broke the content security policy: {Directive}")]
    private static partial void Violated(ILogger logger, string directive);
}
