namespace Hybrid.ControlPlane.Features.Organizations;

/// <summary>The organization's own settings, and its people's sessions.</summary>
internal static class OrganizationRoutes
{
    public static void MapOrganization(this IEndpointRouteBuilder app)
    {
        var organization = app.MapGroup("/api/organization").WithTags("Organization");
        ViewSecurity.Map(organization);
        ChangeSecurity.Map(organization);
        EndSessionsOf.Map(app);
    }
}
