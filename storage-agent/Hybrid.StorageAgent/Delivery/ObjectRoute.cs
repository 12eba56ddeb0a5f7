using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Files;
using Hybrid.StorageAgent.Telemetry;

namespace Hybrid.StorageAgent.Delivery;

/// <summary>The bytes of one object by one of the agent's own URLs: of a folder from here, of a proxied store through here.</summary>
internal static class ObjectRoute
{
    public static async Task<IResult> HandleAsync(string connection, string key, HttpContext context, ConnectionTable connections, Forwarding forwarding, AgentMetrics metrics, CancellationToken ct)
    {
        var (request, response) = (context.Request, context.Response);
        // Equal work whether the connection exists or not.
        var valid = connections.Urls.IsValid(connection, key, request.Headers[SplitSecret.Header].ToString(), request.Query);
        var found = connections.Find(connection);
        if (!valid || found?.Provider is not (FileProvider or ProxiedProvider)) return Problem(new StorageException("storage.forbidden", "It has lapsed, or it came without its header."));
        if (HasBody(request)) return Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "A request for an object carries neither a body nor an upgrade.", extensions: Code("request.malformed"));
        var type = AgentUrls.TypeOf(request.Query);
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (ContentTypes.IsRunnable(type)) response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (!HttpMethods.IsHead(request.Method)) response.Body = new CountedBody(response.Body, metrics.Sent);
        try
        {
            if (found.Provider is ProxiedProvider proxied)
            {
                return await forwarding.SendAsync(context, proxied.Store, found.Options.Timeout, new ObjectReference(connection, key, AgentUrls.VersionOf(request.Query)), type, ct) is { } failure ? Problem(failure) : Results.Empty;
            }

            return await ((FileProvider)found.Provider).OpenAsync(key, ct) is { } file
                ? FileDelivery.Result(context, file, type)
                : Problem(new StorageException("storage.not_found", "The file is not there any more."));
        }
        catch (StorageException failed)
        {
            return Problem(failed);
        }
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0 || request.Headers.Upgrade.Count > 0;

    private static IResult Problem(StorageException failed)
    {
        var (status, title) = failed.Code switch
        {
            "storage.forbidden" when failed.InnerException is null => (StatusCodes.Status403Forbidden, "This address does not work."),
            "storage.not_found" => (StatusCodes.Status404NotFound, "The object is not there any more."),
            "storage.busy" or CircuitBreaker.Resting => (StatusCodes.Status503ServiceUnavailable, "The storage is busy."),
            "storage.slow" => (StatusCodes.Status504GatewayTimeout, "The storage did not answer in time."),
            _ => (StatusCodes.Status502BadGateway, "The storage agent cannot read the object."),
        };
        return Results.Problem(statusCode: status, title: title, detail: failed.Message, extensions: Code(failed.Code));
    }

    private static Dictionary<string, object?> Code(string code) => new() { ["code"] = code };
}
