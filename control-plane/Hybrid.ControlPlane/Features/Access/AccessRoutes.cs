namespace Hybrid.ControlPlane.Features.Access;

/// <summary>Reviews of access.</summary>
internal static class AccessRoutes
{
    public static IServiceCollection AddAccessReviews(this IServiceCollection services) => services.AddScoped<AccessRows>();

    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        var access = app.MapGroup("/api/access").WithTags("Access");
        ListAccess.Map(access);
        ExportAccess.Map(access);
        DecideAccess.Map(access);
    }
}
