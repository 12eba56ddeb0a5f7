using System.Buffers;
using Hybrid.Contracts.Urls;
using Hybrid.Security;
using Hybrid.Security.Grants;
using Hybrid.ServiceDefaults;
using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.Policy;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Files;
using Hybrid.StorageAgent.Telemetry;

namespace Hybrid.StorageAgent.Delivery;

/// <summary>Every route of the agent; there is no other.</summary>
internal static class AgentRoutes
{
    public static void MapAgent(this WebApplication app)
    {
        app.MapPost("/v1/urls", Urls).WithName("IssueUrls").WithSummary("Turns a grant and a proof into sealed URLs.")
            .Produces<string>(StatusCodes.Status200OK, "application/jose").ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        app.MapMethods("/files/{connection}/{**key}", [HttpMethods.Get, HttpMethods.Head], Files).ExcludeFromDescription();
        app.MapServiceDefaults();
    }

    /// <summary>CORS for exactly the origins that are admitted at the time, as a rule the workspace's alone.</summary>
    public static void UseAgentCors(this IApplicationBuilder app, Func<IReadOnlyList<string>> origins) => app.Use((context, next) => Cors(context, origins(), next));

    private static async Task<IResult> Urls(HttpContext context, IssueUrls issue, CancellationToken ct)
    {
        if (context.Request.ContentLength > UrlLimits.Bytes) return TooLarge();
        var buffer = ArrayPool<byte>.Shared.Rent(UrlLimits.Bytes + 1);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, UrlLimits.Bytes + 1), UrlLimits.Bytes + 1, throwOnEndOfStream: false, ct);
            if (length > UrlLimits.Bytes) return TooLarge();
            var answer = await issue.HandleAsync(buffer.AsMemory(0, length), CallerOf(context), ct);
            return answer.IsOk ? Results.Text(answer.Value, "application/jose") : Refusal(answer.Refusal!);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Caller CallerOf(HttpContext context) =>
        new(context.Connection.RemoteIpAddress, context.Request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : null);

    private static async Task<IResult> Files(string connection, string key, HttpContext context, ConnectionTable connections, AgentMetrics metrics, CancellationToken ct)
    {
        var secret = context.Request.Headers[SplitSecret.Header].ToString();
        if (connections.Find(connection)?.Provider is not FileProvider files || !connections.Urls.IsValid(connection, key, secret, context.Request.Query))
            return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "This address does not work.", extensions: Code("storage.forbidden"));
        try
        {
            if (await files.OpenAsync(key, ct) is not { } file)
                return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "The file is not there any more.", extensions: Code("storage.not_found"));
            var type = FileUrls.TypeOf(context.Request.Query);
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (ContentTypes.IsRunnable(type)) context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
            metrics.Serves(context);
            return FileDelivery.Result(context, file, type);
        }
        catch (StorageException failed)
        {
            return Results.Problem(
                statusCode: failed.Code switch { "storage.slow" => StatusCodes.Status504GatewayTimeout, CircuitBreaker.Resting => StatusCodes.Status503ServiceUnavailable, _ => StatusCodes.Status502BadGateway },
                title: "The storage agent cannot read the file.", detail: failed.Message, extensions: Code(failed.Code));
        }
    }

    // The request needs no preflight (text/plain, a safelisted header); one that comes is answered all the same.
    private static Task Cors(HttpContext context, IReadOnlyList<string> origins, RequestDelegate next)
    {
        context.Response.Headers.Vary = "Origin";
        if (context.Request.Headers.Origin.ToString() is not { Length: > 0 } origin || !origins.Contains(origin, StringComparer.Ordinal)) return next(context);
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "ETag, Content-Range, Accept-Ranges, Content-Length";
        if (!HttpMethods.IsOptions(context.Request.Method)) return next(context);
        headers.AccessControlAllowMethods = "GET, HEAD, POST";
        headers.AccessControlAllowHeaders = "Content-Type, Content-Language, Range, If-Range, If-None-Match";
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static IResult TooLarge() => Results.Problem(
        statusCode: StatusCodes.Status413PayloadTooLarge, title: $"The request is larger than {UrlLimits.Bytes} bytes.", detail: "Split it.", extensions: Code("body.too_large"));

    private static IResult Refusal(SecurityRefusal refusal) => Results.Problem(
        statusCode: IssueUrls.StatusOf(refusal),
        title: "The storage agent refused the request.", detail: refusal.Detail, extensions: Code(refusal.Code));

    private static Dictionary<string, object?> Code(string code) => new() { ["code"] = code };
}
