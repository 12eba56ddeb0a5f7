using Hybrid.ControlPlane.Infrastructure.Mail;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>Links that go by mail: asking for one, looking at it, and using it up. Each needs a POST, so that whatever follows links in mails uses none up.</summary>
internal static class MailLinkRoutes
{
    public static IServiceCollection AddMail(this IServiceCollection services) => services
        .AddScoped<Infrastructure.Mail.MailLinks>().AddSingleton<MailTransport>().AddSingleton<MailWorker>().AddHostedService(s => s.GetRequiredService<MailWorker>());

    public static void MapMailLinks(this IEndpointRouteBuilder app)
    {
        var links = app.MapGroup("/api/mail-links").WithTags("Mail links");
        AskPasswordReset.Map(links);
        ViewMailLink.Map(links);
        ResetPassword.Map(links);
        AcceptInvitation.Map(links);
        JoinOrganization.Map(links);
    }
}
