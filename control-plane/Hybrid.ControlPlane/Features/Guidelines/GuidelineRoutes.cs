namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>How to label: versions, pictures, and who has read them.</summary>
internal static class GuidelineRoutes
{
    public static void MapGuidelines(this IEndpointRouteBuilder app)
    {
        var guidelines = app.MapGroup("/api/projects/{projectId:guid}/guidelines").WithTags("Guidelines");
        ViewGuideline.Map(guidelines);
        ListGuidelineVersions.Map(guidelines);
        ViewGuidelineVersion.Map(guidelines);
        PublishGuideline.Map(guidelines);
        ReadGuideline.Map(guidelines);
        ListGuidelineReadings.Map(guidelines);
        ListGuidelinePictures.Map(guidelines);
        AddGuidelinePicture.Map(guidelines);
    }
}
