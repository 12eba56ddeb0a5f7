using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>The OpenAPI document that the workspace's client is generated from.</summary>
internal static class OpenApiDocument
{
    /// <summary>
    /// Names schemas so that the nested <c>Response</c>, <c>Body</c> and <c>Item</c> of one slice are not taken for another's: without
    /// the slice's name in front, the first would stand for all of them.
    /// </summary>
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            options.CreateSchemaReferenceId = NameOf;
            options.AddDocumentTransformer((document, _, _) =>
            {
                foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? []) NeverNull(schema);
                return Task.CompletedTask;
            });
        });

    // An enumeration is described as it was met first: where that was an optional field, null would become one of its values everywhere.
    private static void NeverNull(OpenApiSchema schema)
    {
        if (schema.Enum is not { } values || !values.Any(IsNull)) return;
        schema.Enum = [.. values.Where(v => !IsNull(v))];
        if (schema.Type is { } type) schema.Type = type & ~JsonSchemaType.Null;
    }

    private static bool IsNull(JsonNode? node) => node is null || node.IsJsonNullSentinel() || node.GetValueKind() == JsonValueKind.Null;

    private static string? NameOf(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name is not null && type.Type.DeclaringType is { } slice ? slice.Name + name : name;
    }
}
