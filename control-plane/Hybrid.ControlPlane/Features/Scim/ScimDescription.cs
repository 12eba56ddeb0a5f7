using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Infrastructure.Scim;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>What the service says of itself (RFC 7643 § 5–7): what is offered, and nothing more.</summary>
internal static class ScimDescription
{
    /// <summary>What can be done.</summary>
    public static JsonObject Service(Uri publicUrl) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimHttp.MaxPage },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(false),
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken", ["name"] = "API key", ["primary"] = true,
            ["description"] = "An API key with the scope directory.provision, issued by an owner of the organization (RFC 6750).",
        }),
        ["meta"] = new JsonObject { ["resourceType"] = "ServiceProviderConfig", ["location"] = At(publicUrl, "ServiceProviderConfig") },
    };

    /// <summary>Users and groups.</summary>
    public static IReadOnlyList<JsonObject> ResourceTypes(Uri publicUrl) => [Type(publicUrl, "User", DirectoryPeople.Urn), Type(publicUrl, "Group", DirectoryGroups.Urn)];

    /// <summary>Their attributes.</summary>
    public static IReadOnlyList<JsonObject> Schemas(Uri publicUrl) =>
    [
        Schema(publicUrl, DirectoryPeople.Urn, "User",
            Text("userName", required: true, uniqueness: "server"), Text("externalId", caseExact: true), Text("displayName"), Complex("name", false, Text("formatted"), Text("givenName"), Text("familyName")),
            Complex("emails", true, Text("value", uniqueness: "server"), Text("type"), Flag("primary")), Flag("active"),
            ReadOnly(Complex("groups", true, ReadOnly(Text("value", caseExact: true)), ReadOnly(Text("display")), ReadOnly(Text("type"))))),
        Schema(publicUrl, DirectoryGroups.Urn, "Group",
            Text("displayName", required: true, uniqueness: "server"), Text("externalId", caseExact: true),
            Complex("members", true, Text("value", caseExact: true), ReadOnly(Text("display")), ReadOnly(Text("type")))),
    ];

    private static JsonObject Supported(bool supported) => new() { ["supported"] = supported };

    private static string At(Uri publicUrl, string path) => new Uri(publicUrl, $"{ScimHttp.Path}/{path}").ToString();

    private static JsonObject Type(Uri publicUrl, string name, string urn) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = name, ["name"] = name, ["endpoint"] = $"/{name}s", ["schema"] = urn,
        ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = At(publicUrl, $"ResourceTypes/{name}") },
    };

    private static JsonObject Schema(Uri publicUrl, string urn, string name, params JsonObject[] attributes) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"), ["id"] = urn, ["name"] = name, ["attributes"] = new JsonArray([.. attributes]),
        ["meta"] = new JsonObject { ["resourceType"] = "Schema", ["location"] = At(publicUrl, $"Schemas/{urn}") },
    };

    private static JsonObject Text(string name, bool required = false, bool caseExact = false, string uniqueness = "none") => Attribute(name, "string", false, required, caseExact, uniqueness);

    private static JsonObject Flag(string name) => Attribute(name, "boolean", false, false, false, "none");

    private static JsonObject Complex(string name, bool several, params JsonObject[] parts)
    {
        var attribute = Attribute(name, "complex", several, false, false, "none");
        attribute["subAttributes"] = new JsonArray([.. parts]);
        return attribute;
    }

    private static JsonObject ReadOnly(JsonObject attribute)
    {
        attribute["mutability"] = "readOnly";
        return attribute;
    }

    private static JsonObject Attribute(string name, string type, bool several, bool required, bool caseExact, string uniqueness) => new()
    {
        ["name"] = name, ["type"] = type, ["multiValued"] = several, ["required"] = required, ["caseExact"] = caseExact,
        ["mutability"] = "readWrite", ["returned"] = "default", ["uniqueness"] = uniqueness,
    };
}
