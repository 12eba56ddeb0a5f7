using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>Sign-in: ASP.NET Core Identity's passwords, server-side sessions, deny by default.</summary>
internal static class IdentitySetup
{
    /// <summary>OWASP 2025: PBKDF2-HMAC-SHA512, at least 210,000 iterations.</summary>
    public const int PasswordIterations = 210_000;

    public static IServiceCollection AddSignIn(this IServiceCollection services, Uri publicUrl)
    {
        services.AddIdentityCore<Person>(o =>
        {
            // NIST SP 800-63B-4: length, no composition rules.
            o.Password = new PasswordOptions { RequiredLength = 12, RequireDigit = false, RequireLowercase = false, RequireNonAlphanumeric = false, RequireUppercase = false };
            o.User.RequireUniqueEmail = true;
            o.Lockout = new LockoutOptions { MaxFailedAccessAttempts = 10, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5) };
        }).AddEntityFrameworkStores<ControlPlaneDb>();

        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordIterations);

        services.AddSingleton<SessionStore>();
        services.AddHttpContextAccessor();
        services.AddScoped<ICurrentUser, HttpCurrentUser>();
        services.AddScoped<ProjectAccess>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>>(provider => new ConfigureNamedOptions<CookieAuthenticationOptions>(
            CookieAuthenticationDefaults.AuthenticationScheme, o => Configure(o, provider.GetRequiredService<SessionStore>(), publicUrl)));

        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.AnySession, p => p.RequireAuthenticatedUser())
            .AddPolicy(Policies.Unlocked, p => p.RequireAuthenticatedUser().RequireClaim(SessionClaims.Unlocked, "1"))
            // A route that names no rule is refused, whoever calls.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        return services;
    }

    private static void Configure(CookieAuthenticationOptions o, SessionStore store, Uri publicUrl)
    {
        var secure = publicUrl.Scheme == Uri.UriSchemeHttps;
        // Browsers refuse the __Host- prefix without Secure; plain http is for loopback only (security.md § 5.5).
        o.Cookie.Name = secure ? "__Host-hybrid" : "hybrid-demonstration";
        o.Cookie.HttpOnly = true;
        o.Cookie.SameSite = SameSiteMode.Lax;
        o.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        o.Cookie.Path = "/";
        o.SessionStore = store;
        o.ExpireTimeSpan = SessionStore.AbsoluteLimit;
        o.SlidingExpiration = false;
        o.Events.OnRedirectToLogin = context => ResultToHttp.ToProblem(RequestErrors.SignedOut).ExecuteAsync(context.HttpContext);
        o.Events.OnRedirectToAccessDenied = context => ResultToHttp
            .ToProblem(context.HttpContext.User.HasClaim(SessionClaims.Unlocked, "0") ? AccessErrors.Locked : RequestErrors.NotFound)
            .ExecuteAsync(context.HttpContext);
    }
}
