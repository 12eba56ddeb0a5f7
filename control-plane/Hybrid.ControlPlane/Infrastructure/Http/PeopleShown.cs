using Hybrid.ControlPlane.Infrastructure.Access;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>
/// Says on every answer about a project whether people appear in it by name or by pseudonym, so that a page which is open while that changes
/// drops what it knew.
/// </summary>
internal static class PeopleShown
{
    public const string Header = "Hybrid-People";

    public static IApplicationBuilder UsePeopleShown(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            if (context.RequestServices.GetService<ProjectAccess>()?.Here is { } here) context.Response.Headers[Header] = here.Anonymized ? "pseudonyms" : "names";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
