using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>
/// SCIM 2.0 (RFC 7643, RFC 7644): an organization's directory says who its people are. The organization is the one of the API key; no address or
/// body names one.
/// </summary>
internal static class ScimRoutes
{
    public static IServiceCollection AddScim(this IServiceCollection services) => services.AddScoped<DirectoryPeople>().AddScoped<DirectoryGroups>();

    public static void MapScim(this IEndpointRouteBuilder app)
    {
        var scim = app.MapGroup(ScimHttp.Path).WithTags("SCIM").ExcludeFromDescription()
            .RequireAuthorization(Policies.Directory).WithMetadata(new RouteRule(null, "an API key with the directory's scope, by policy"));
        scim.MapGet("/ServiceProviderConfig", (ControlPlaneOptions options) => ScimHttp.Json(ScimDescription.Service(options.PublicUrl)));
        scim.MapGet("/ResourceTypes", (HttpContext http, ControlPlaneOptions options) => All(http, ScimDescription.ResourceTypes(options.PublicUrl)));
        scim.MapGet("/ResourceTypes/{name}", (string name, ControlPlaneOptions options) => One(ScimDescription.ResourceTypes(options.PublicUrl), name));
        scim.MapGet("/Schemas", (HttpContext http, ControlPlaneOptions options) => All(http, ScimDescription.Schemas(options.PublicUrl)));
        scim.MapGet("/Schemas/{urn}", (string urn, ControlPlaneOptions options) => One(ScimDescription.Schemas(options.PublicUrl), urn));

        var users = scim.MapGroup("/Users");
        ListUsers.Map(users);
        ViewUser.Map(users);
        AddUser.Map(users);
        ChangeUser.Map(users);
        RemoveUser.Map(users);

        var groups = scim.MapGroup("/Groups");
        ListGroups.Map(groups);
        ViewGroup.Map(groups);
        AddGroup.Map(groups);
        ChangeGroup.Map(groups);
        RemoveGroup.Map(groups);

        // Else the workspace's page would answer.
        scim.Map("/{**rest}", () => ScimHttp.Refuse(RequestErrors.NotFound)).ChangesNothing("nothing is there");
    }

    private static IResult All(HttpContext http, IReadOnlyList<JsonObject> all) => ScimHttp.List(http, new ScimPage(all, all.Count, 1));

    private static IResult One(IReadOnlyList<JsonObject> all, string id) =>
        all.FirstOrDefault(r => string.Equals(r["id"]!.GetValue<string>(), id, StringComparison.OrdinalIgnoreCase)) is { } found ? ScimHttp.Json(found) : ScimHttp.Refuse(RequestErrors.NotFound);
}
