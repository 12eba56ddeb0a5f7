namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>Grants: the only way to a picture.</summary>
internal static class GrantRoutes
{
    public static IServiceCollection AddGrants(this IServiceCollection services) => services.AddScoped<GrantKeys>().AddScoped<GrantIssuer>();

    public static void MapGrants(this IEndpointRouteBuilder app)
    {
        GrantForTask.Map(app);
        GrantForView.Map(app);
        GrantForGuideline.Map(app);
        RelayUrls.Map(app);
    }
}
