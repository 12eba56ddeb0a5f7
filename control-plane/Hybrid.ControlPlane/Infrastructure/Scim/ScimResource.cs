using System.Globalization;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>What all resources have in common (RFC 7643 § 3.1).</summary>
internal static class ScimResource
{
    /// <summary>The caller knows an older version (RFC 7644 § 3.14).</summary>
    public static readonly ScimRefusal Stale = new(ErrorKind.Stale, null, "The resource has changed since that version. Nothing was changed. Read it again.");

    /// <summary>Adds schemas, id and meta.</summary>
    public static JsonObject Finish(JsonObject kept, string urn, string type, Uri publicUrl, Guid id, DateTimeOffset createdAt)
    {
        var resource = new JsonObject { ["schemas"] = new JsonArray(urn), ["id"] = id.ToString() };
        foreach (var (name, value) in kept.ToList())
        {
            kept.Remove(name);
            resource[name] = value;
        }

        resource["meta"] = new JsonObject
        {
            ["resourceType"] = type,
            ["created"] = createdAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["location"] = LocationOf(publicUrl, type, id),
            ["version"] = ScimJson.VersionOf(resource),
        };
        return resource;
    }

    /// <summary>Where the resource is.</summary>
    public static string LocationOf(Uri publicUrl, string type, Guid id) => new Uri(publicUrl, $"/scim/v2/{type}s/{id}").ToString();

    /// <summary>The resource's version.</summary>
    public static string VersionOf(JsonObject resource) => resource["meta"]!["version"]!.GetValue<string>();

    /// <summary>Whether a condition (<c>If-Match</c>, <c>If-None-Match</c>) names the resource's version.</summary>
    public static bool Matches(string condition, JsonObject resource)
    {
        var version = VersionOf(resource);
        return condition.Split(',').Select(c => c.Trim()).Any(c => c == "*" || c == version);
    }

    /// <summary>Leaves what the caller asked for (RFC 7644 § 3.9), by whole attributes; id and schemas always stay.</summary>
    public static JsonObject Project(JsonObject resource, string? attributes, string? excluded)
    {
        static HashSet<string> Names(string list) => list.Split(',').Select(n => n.Trim().Split(':')[^1].Split('.')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (string.IsNullOrWhiteSpace(attributes) && string.IsNullOrWhiteSpace(excluded)) return resource;
        var wanted = string.IsNullOrWhiteSpace(attributes) ? null : Names(attributes);
        var unwanted = Names(excluded ?? "");
        foreach (var name in resource.Select(p => p.Key).Where(n => n is not ("schemas" or "id") && (wanted is not null ? !wanted.Contains(n) : unwanted.Contains(n))).ToList()) resource.Remove(name);
        return resource;
    }
}
