using Hybrid.ControlPlane.Features.Labels;

namespace Hybrid.ControlPlane.Features.Assets;

/// <summary>Assets and their labels, for those who may explore.</summary>
internal static class AssetRoutes
{
    public static void MapAssets(this IEndpointRouteBuilder app)
    {
        var assets = app.MapGroup("/api/projects/{projectId:guid}/assets").WithTags("Assets");
        ListAssets.Map(assets);
        ViewAsset.Map(assets);
        ViewLabel.Map(app);
    }
}
