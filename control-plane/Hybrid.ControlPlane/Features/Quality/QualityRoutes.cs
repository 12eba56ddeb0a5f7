namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>What is measured of labels and people, and what follows from it.</summary>
internal static class QualityRoutes
{
    public static IServiceCollection AddQuality(this IServiceCollection services) => services
        .AddScoped<SubmitFollowUp>().AddScoped<LabelAgreements>().AddScoped<ConsensusSettlement>().AddScoped<HoneypotOffer>().AddScoped<HoneypotScoring>().AddScoped<Recomputation>()
        .AddSingleton<QualityWorker>().AddHostedService(s => s.GetRequiredService<QualityWorker>());

    public static void MapQuality(this IEndpointRouteBuilder app)
    {
        var quality = app.MapGroup("/api/projects/{projectId:guid}/quality").WithTags("Quality");
        ViewQuality.Map(quality);
        ListPairs.Map(quality);
        ViewQualitySettings.Map(quality);
        ChangeQualitySettings.Map(quality);
        LiftPause.Map(quality);
        NoteDrift.Map(quality);
        var honeypots = app.MapGroup("/api/projects/{projectId:guid}/honeypots").WithTags("Quality");
        ListHoneypots.Map(honeypots);
        PromoteLabel.Map(honeypots);
        ImportGroundTruth.Map(honeypots);
        RetireHoneypot.Map(honeypots);
    }
}
