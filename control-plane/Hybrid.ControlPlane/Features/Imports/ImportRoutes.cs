namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>Imports of references.</summary>
internal static class ImportRoutes
{
    public static IServiceCollection AddImports(this IServiceCollection services) => services
        .AddScoped<ImportPage>().AddSingleton<PagesAhead>().AddScoped<DescribeAssets>().AddSingleton<ImportWorker>().AddHostedService(s => s.GetRequiredService<ImportWorker>());

    public static void MapImports(this IEndpointRouteBuilder app)
    {
        var imports = app.MapGroup("/api/projects/{projectId:guid}/imports").WithTags("Imports");
        StartImport.Map(imports);
        ListImports.Map(imports);
        PauseImport.Map(imports);
        CancelImport.Map(imports);
    }
}
