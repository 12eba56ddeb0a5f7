namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Single sign-on: its settings, and the ways through the identity provider.</summary>
internal static class SingleSignOnRoutes
{
    public static IServiceCollection AddSingleSignOn(this IServiceCollection services) => services
        .AddSingleton<OpenIdConnection>()
        .AddSingleton<EntraTenants>()
        .AddSingleton<SignInStates>()
        .AddSingleton<ProviderSignOut>()
        .AddSingleton<DomainProof>();

    public static void MapSingleSignOn(this IEndpointRouteBuilder app)
    {
        var settings = app.MapGroup("/api/organization/sso").WithTags("Single sign-on");
        ViewProvider.Map(settings);
        ConfigureProvider.Map(settings);
        RemoveProvider.Map(settings);
        ClaimDomain.Map(settings);

        var session = app.MapGroup("/api/session").WithTags("Session");
        DiscoverProvider.Map(session);
        BeginSingleSignOn.Map(session);
        FinishSingleSignOn.Map(session);
        ProviderSignOut.Map(session);
        BackChannelLogout.Map(app);
    }
}
