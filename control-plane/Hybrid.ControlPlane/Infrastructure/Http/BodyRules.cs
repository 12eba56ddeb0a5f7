using Hybrid.Contracts;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Scim;
using Microsoft.AspNetCore.Http.Features;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>
/// The promise at the door: nothing that could be an asset comes in. A body is JSON, and at most 25 MB; whatever calls itself a picture,
/// a film, a document or a form is refused before any route sees it.
/// </summary>
internal static class BodyRules
{
    private static readonly Error NoMedia = new(
        ErrorKind.MediaType, ErrorCodes.ContentTypeUnsupported, "Bodies of this type are not taken.", "Nothing was changed. Send application/json: pictures and files go from storage to the browser, never through here.");

    private static readonly Error TooLarge = new(
        ErrorKind.TooLarge, ErrorCodes.BodyTooLarge, $"The body is larger than {ControlPlaneApp.MaxBodyBytes} bytes.", "Your draft is kept in this browser. Split the work, or send fewer objects at once.");

    public static IApplicationBuilder UseBodyRules(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.ContentLength > ControlPlaneApp.MaxBodyBytes) return ScimHttp.Refusal(context, TooLarge).ExecuteAsync(context);
        return IsTaken(context) ? next(context) : ScimHttp.Refusal(context, NoMedia).ExecuteAsync(context);
    });

    /// <summary>Whether a content type is one of those that the product speaks.</summary>
    public static bool IsJson(string? contentType)
    {
        var type = contentType?.Split(';')[0].Trim();
        return type is not null && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/csp-report", StringComparison.OrdinalIgnoreCase)
            || (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)));
    }

    // The link's own transports send their messages without a type.
    private static bool IsTaken(HttpContext context) =>
        string.IsNullOrEmpty(context.Request.ContentType)
            ? context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || !context.Request.Path.StartsWithSegments("/api")
            : IsJson(context.Request.ContentType) || IsLogout(context);

    // Identity providers announce a sign-out in a form of one token (OpenID Connect Back-Channel Logout 1.0 § 2.5).
    private static bool IsLogout(HttpContext context) =>
        context.Request.Path.StartsWithSegments(Features.SingleSignOn.BackChannelLogout.Path)
        && context.Request.ContentType!.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
}
