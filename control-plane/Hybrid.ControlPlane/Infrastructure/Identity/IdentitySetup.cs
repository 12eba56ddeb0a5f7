using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
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
        }).AddUserStore<PersonStore>().AddPasswordValidator<BreachedPasswordValidator>();

        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordIterations);

        var ownOrigin = publicUrl.GetLeftPart(UriPartial.Authority);
        services.Configure<IdentityPasskeyOptions>(o =>
        {
            // Found by the device itself, and never without its owner's finger, face or PIN: so it is two factors in one.
            (o.UserVerificationRequirement, o.ResidentKeyRequirement, o.AttestationConveyancePreference) = ("required", "required", "none");
            o.ServerDomain = publicUrl.Host;
            o.AuthenticatorTimeout = PasskeyCeremonies.Life;
            o.ValidateOrigin = context => ValueTask.FromResult(context.Origin == ownOrigin && !context.CrossOrigin);
        });
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.AddScoped<PasskeyCeremonies>();
        services.AddHostedService<AnsweredChallengeWorker>();

        services.AddSingleton<SessionStore>();
        services.AddHttpContextAccessor();
        services.AddScoped<ICurrentUser, HttpCurrentUser>();
        services.AddScoped<ProjectAccess>();
        services.AddScoped<SecondFactor>();
        services.AddScoped<SessionEnd>();
        services.AddScoped<SessionsElsewhere>();
        services.AddScoped<KnownDevices>();
        services.AddScoped<SignInDelays>();
        services.AddHostedService<SignInDelayWorker>();
        services.AddSingleton<BreachedPasswords>();
        services.AddSingleton<NobodysPassword>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().AddCookie(BeginScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>>(provider => new CookieSetup(provider, publicUrl));

        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.AnySession, p => p.RequireAuthenticatedUser().RequireClaim(SessionClaims.Session))
            .AddPolicy(Policies.Unlocked, p => p.RequireAuthenticatedUser().RequireClaim(SessionClaims.Unlocked, "1"))
            // By the key's scheme alone: a cookie that comes along is not even read.
            .AddPolicy(Policies.Directory, p => p.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser().RequireClaim(SessionClaims.KeyScope, Acts.DirectoryProvision))
            // A route that names no rule is refused, whoever calls.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(c => IsRoutingsOwnRefusal(c)).Build());
        return services;
    }

    // Routing answers a wrong method (405) or content type (415) by endpoints of its own, which do nothing else: whoever is signed in may
    // know which of the two it was. Every route of ours is a RouteEndpoint.
    private static bool IsRoutingsOwnRefusal(AuthorizationHandlerContext context) =>
        context.User.Identity?.IsAuthenticated == true && context.Resource is HttpContext http && http.GetEndpoint() is not null and not RouteEndpoint;

    /// <summary>
    /// The scheme that writes cookies. The framework's handler keeps the value of a cookie that it has read, so that a privilege change
    /// would keep the old one; this scheme never reads, and so every sign-in through it writes a new value.
    /// </summary>
    public const string BeginScheme = "session-begin";

    private static void Configure(CookieAuthenticationOptions o, IServiceProvider services, Uri publicUrl)
    {
        var store = services.GetRequiredService<SessionStore>();
        o.TicketDataFormat = new TicketDataFormat(services.GetRequiredService<IDataProtectionProvider>().CreateProtector("hybrid.session-cookie"));
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
        o.ForwardDefaultSelector = context => ApiKeyAuthentication.Carries(context.Request) ? ApiKeyAuthentication.SchemeName : null;
        o.Events.OnRedirectToLogin = context => ResultToHttp.ToProblem(RequestErrors.SignedOut).ExecuteAsync(context.HttpContext);
        o.Events.OnRedirectToAccessDenied = context => ResultToHttp
            .ToProblem(context.HttpContext.User.HasClaim(SessionClaims.Unlocked, "0") ? AccessErrors.Locked : RequestErrors.NotFound)
            .ExecuteAsync(context.HttpContext);
    }

    private sealed class CookieSetup(IServiceProvider services, Uri publicUrl) : IConfigureNamedOptions<CookieAuthenticationOptions>
    {
        public void Configure(CookieAuthenticationOptions options) => Configure(Options.DefaultName, options);

        public void Configure(string? name, CookieAuthenticationOptions options)
        {
            IdentitySetup.Configure(options, services, publicUrl);
            if (name == BeginScheme) options.CookieManager = new WriteOnlyCookies();
        }
    }

    private sealed class WriteOnlyCookies : ICookieManager
    {
        private readonly ChunkingCookieManager inner = new();

        public string? GetRequestCookie(HttpContext context, string key) => null;

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) => inner.AppendResponseCookie(context, key, value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => inner.DeleteCookie(context, key, options);
    }
}
