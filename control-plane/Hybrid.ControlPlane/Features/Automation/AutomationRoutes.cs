namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>Service accounts and the keys by which programs act as them.</summary>
internal static class AutomationRoutes
{
    public static void MapAutomation(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/api/service-accounts").WithTags("Automation");
        ListServiceAccounts.Map(accounts);
        CreateServiceAccount.Map(accounts);
        IssueApiKey.Map(accounts);
        RotateApiKey.Map(accounts);
        RevokeApiKey.Map(accounts);
    }
}
