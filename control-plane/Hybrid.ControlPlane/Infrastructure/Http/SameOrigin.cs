using Hybrid.ControlPlane.Infrastructure.Access;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>
/// Refuses changes that another site could have sent (security.md § 5.7): beside SameSite, each needs our header, which a foreign page
/// cannot add without a preflight, and an Origin and Sec-Fetch-Site that are our own where the browser sends them.
/// </summary>
internal static class SameOrigin
{
    public const string Header = "X-Hybrid-Request";

    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app, Uri publicUrl)
    {
        var own = publicUrl.GetLeftPart(UriPartial.Authority);
        return app.Use(async (context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments("/api") || IsSafe(context.Request.Method) || IsReport(context) || Identity.ApiKeyAuthentication.Carries(context.Request) || IsOwn(context.Request, own))
            {
                await next(context);
                return;
            }

            await ResultToHttp.ToProblem(AccessErrors.CrossSite).ExecuteAsync(context);
        });
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // A request with an API key is nobody's by a cookie, so no other site can have sent it for them.
    // Browsers send policy reports on their own, without our header; the route changes nothing.
    private static bool IsReport(HttpContext context) => context.Request.Path.StartsWithSegments("/api/csp-reports");

    private static bool IsOwn(HttpRequest request, string own)
    {
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return request.Headers[Header] == "1"
            && (origin.Length == 0 || string.Equals(origin, own, StringComparison.OrdinalIgnoreCase))
            && (site is "" or "same-origin" or "none");
    }
}
