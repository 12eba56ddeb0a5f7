using System.Globalization;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>Requests and answers as RFC 7644 has them.</summary>
internal static class ScimHttp
{
    /// <summary>Everything of SCIM is below.</summary>
    public const string Path = "/scim/v2";

    /// <summary>Schema of a refusal.</summary>
    public const string ErrorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";

    /// <summary>Schema of a list.</summary>
    public const string ListUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /// <summary>Most resources of one page.</summary>
    public const int MaxPage = 200;

    private const string MediaType = "application/scim+json";

    /// <summary>Whether a request is one of SCIM, so that its refusals must be too.</summary>
    public static bool IsScim(HttpContext context) => context.Request.Path.StartsWithSegments(Path);

    /// <summary>A refusal in SCIM's shape, or as a problem, by where the request went.</summary>
    public static IResult Refusal(HttpContext context, Error error) => IsScim(context) ? Refuse(error) : ResultToHttp.ToProblem(error);

    /// <summary>A refusal (§ 3.12).</summary>
    public static IResult Refuse(Error error)
    {
        var status = ResultToHttp.ToProblem(error).StatusCode;
        var body = new JsonObject { ["schemas"] = new JsonArray(ErrorUrn), ["status"] = status.ToString(CultureInfo.InvariantCulture) };
        if (error is ScimRefusal { Type: { } type }) body["scimType"] = type;
        body["detail"] = error is ScimRefusal ? error.Title : $"{error.Title} {error.Detail}";
        return Json(body, status);
    }

    /// <summary>Reads a body and sends it on.</summary>
    public static async Task<IResult> WithBodyAsync(HttpRequest request, string urn, Func<JsonObject, Task<IResult>> send, CancellationToken ct)
    {
        try
        {
            var body = await ScimJson.ReadAsync(request, ct);
            if (ScimJson.Find(body, "schemas") is not JsonArray schemas || !schemas.Any(s => s?.GetValueKind() == System.Text.Json.JsonValueKind.String && string.Equals(s.GetValue<string>(), urn, StringComparison.OrdinalIgnoreCase)))
                throw ScimException.Syntax($"\"schemas\" does not name {urn}.");
            return await send(body);
        }
        catch (ScimException failed)
        {
            return Refuse(failed.ToRefusal());
        }
    }

    /// <summary>A resource with its version, what was asked for of it, or 304 when the caller has it.</summary>
    public static IResult Resource(HttpContext context, Result<JsonObject> result, int status = StatusCodes.Status200OK)
    {
        if (result.Refusal is { } refusal) return Refuse(refusal);
        var resource = result.Value;
        context.Response.Headers.ETag = ScimResource.VersionOf(resource);
        if (status == StatusCodes.Status201Created) context.Response.Headers.Location = resource["meta"]!["location"]!.GetValue<string>();
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && ScimResource.Matches(known, resource)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return Json(ScimResource.Project(resource, context.Request.Query["attributes"], context.Request.Query["excludedAttributes"]), status);
    }

    /// <summary>A page (§ 3.4.2).</summary>
    public static IResult List(HttpContext context, Result<ScimPage> result)
    {
        if (result.Refusal is { } refusal) return Refuse(refusal);
        var page = result.Value;
        return Json(new JsonObject
        {
            ["schemas"] = new JsonArray(ListUrn),
            ["totalResults"] = page.Total,
            ["startIndex"] = page.StartIndex,
            ["itemsPerPage"] = page.Resources.Count,
            ["Resources"] = new JsonArray([.. page.Resources.Select(r => ScimResource.Project(r, context.Request.Query["attributes"], context.Request.Query["excludedAttributes"]))]),
        });
    }

    /// <summary>204, or the refusal.</summary>
    public static IResult Empty(Result<Done> result) => result.Refusal is { } refusal ? Refuse(refusal) : TypedResults.NoContent();

    /// <summary>The condition under which something may be changed, or null.</summary>
    public static string? IfMatch(HttpContext context) => context.Request.Headers.IfMatch.ToString() is { Length: > 0 } version ? version : null;

    /// <summary>JSON under SCIM's media type.</summary>
    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) => TypedResults.Text(body.ToJsonString(), MediaType, System.Text.Encoding.UTF8, status);
}

/// <summary>Which page of what is wanted; every value is as the caller sent it.</summary>
internal sealed record ScimWanted(string? Filter, string? StartIndex, string? Count)
{
    /// <summary>From the query.</summary>
    public static ScimWanted Of(HttpRequest request) => new(request.Query["filter"], request.Query["startIndex"], request.Query["count"]);

    /// <summary>1-based index of the first one (§ 3.4.2.4: less is 1).</summary>
    public int First => Math.Max(1, Number(StartIndex, 1, "startIndex"));

    /// <summary>How many: none when less than 0 were asked for, and never more than <see cref="ScimHttp.MaxPage"/>.</summary>
    public int Size => Math.Clamp(Number(Count, 100, "count"), 0, ScimHttp.MaxPage);

    private static int Number(string? text, int otherwise, string name) =>
        string.IsNullOrEmpty(text) ? otherwise : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw ScimException.Value($"\"{name}\" is a whole number.");
}

/// <summary>A page of resources.</summary>
internal sealed record ScimPage(IReadOnlyList<JsonObject> Resources, int Total, int StartIndex);
