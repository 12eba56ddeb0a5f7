using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>The OpenAPI document that the workspace's client is generated from.</summary>
internal static class OpenApiDocument
{
    /// <summary>
    /// Names schemas so that the nested <c>Response</c>, <c>Body</c> and <c>Item</c> of one slice are not taken for another's: without
    /// the slice's name in front, the first would stand for all of them.
    /// </summary>
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(options => options.CreateSchemaReferenceId = NameOf);

    private static string? NameOf(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name is not null && type.Type.DeclaringType is { } slice ? slice.Name + name : name;
    }
}
