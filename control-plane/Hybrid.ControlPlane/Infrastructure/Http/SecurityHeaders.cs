namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>Headers of every answer (security.md § 5.2–5.3).</summary>
internal static class SecurityHeaders
{
    /// <summary>The policy of pages: they may talk to their own origin only.</summary>
    public static readonly string PagePolicy = PagePolicyWith([]);

    /// <summary>The policy of the one page that may talk to an agent and its storage too.</summary>
    public static string PagePolicyWith(IEnumerable<string> origins) =>
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; " +
        $"connect-src 'self'{string.Concat(origins.Select(o => " " + o))}; " +
        "worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; " +
        "require-trusted-types-for 'script'; trusted-types hybrid-worker dompurify; report-uri /api/csp-reports";

    private const string Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), " +
        "magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(self), screen-wake-lock=(), " +
        "usb=(), xr-spatial-tracking=(), local-network=(self), loopback-network=(self), local-network-access=(self)";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, Uri publicUrl) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PagePolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers["Permissions-Policy"] = Permissions;
        if (publicUrl.Scheme == Uri.UriSchemeHttps) headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        if (context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/agent")) headers.CacheControl = "no-store";
        return next(context);
    });
}
