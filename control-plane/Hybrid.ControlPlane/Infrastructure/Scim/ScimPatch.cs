using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>What attributes a resource has, for reading paths: names in the standard's own spelling, whatever the case they came in.</summary>
/// <param name="Urn">Schema of the resource.</param>
/// <param name="Kept">Attributes that the product keeps, with their parts; an empty list = a plain value.</param>
/// <param name="Lists">Those of them that hold several elements.</param>
/// <param name="ReadOnly">Attributes that the product alone writes.</param>
/// <param name="Ignored">Attributes of the standard that it has no use for: they are taken without a word and kept nowhere.</param>
internal sealed record ScimSchema(string Urn, IReadOnlyDictionary<string, string[]> Kept, IReadOnlySet<string> Lists, IReadOnlySet<string> ReadOnly, IReadOnlySet<string> Ignored)
{
    /// <summary>The attribute of a path in its own spelling; null = ignored.</summary>
    /// <exception cref="ScimException"><c>invalidPath</c> or <c>mutability</c>.</exception>
    public (string Name, string? Sub)? Resolve(ScimPath path)
    {
        // Extensions of other schemas, such as the enterprise user's department, are not kept.
        if (path.Schema is not null && !string.Equals(path.Schema, Urn, StringComparison.OrdinalIgnoreCase)) return null;
        if (Ignored.Contains(path.Name)) return null;
        if (ReadOnly.Contains(path.Name)) throw new ScimException(400, ScimTypes.Mutability, $"\"{path.Name}\" is read-only.");
        var name = Kept.Keys.FirstOrDefault(k => string.Equals(k, path.Name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(path.ToString());
        if (path.Sub is null) return (name, null);
        return Kept[name].FirstOrDefault(s => string.Equals(s, path.Sub, StringComparison.OrdinalIgnoreCase)) is { } sub ? (name, sub) : Kept[name].Length > 0 ? null : throw Unknown(path.ToString());
    }

    /// <summary>A part of an element, in its own spelling; null = not kept.</summary>
    public string? Part(string name, string sub) => Kept[name].FirstOrDefault(s => string.Equals(s, sub, StringComparison.OrdinalIgnoreCase));

    private static ScimException Unknown(string path) => new(400, ScimTypes.InvalidPath, $"There is no attribute \"{path}\".");
}

/// <summary>
/// Applies the operations of a PATCH (RFC 7644 § 3.5.2) to a resource as JSON, which then is read and judged like one that was PUT. The habits of
/// Entra ID and Okta are understood: "Replace" in any case, operations without a path whose value names paths, and
/// <c>remove members</c> with the members as its value.
/// </summary>
internal static class ScimPatch
{
    /// <summary>Schema of the request.</summary>
    public const string Urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    /// <summary>Most operations of one request.</summary>
    public const int MaxOperations = 1000;

    /// <summary>Applies all, or throws and means nothing.</summary>
    /// <exception cref="ScimException">An operation is not valid.</exception>
    public static void Apply(ScimSchema schema, JsonObject resource, JsonObject request)
    {
        if (ScimJson.Find(request, "Operations") is not JsonArray operations || operations.Count == 0) throw ScimException.Syntax("\"Operations\" is missing or empty.");
        if (operations.Count > MaxOperations) throw new ScimException(413, ScimTypes.TooMany, $"At most {MaxOperations} operations at once.");
        foreach (var node in operations)
        {
            if (node is not JsonObject operation) throw ScimException.Syntax("An operation is an object.");
            var op = (ScimJson.Find(operation, "op") as JsonValue)?.GetValueKind() == JsonValueKind.String ? ScimJson.Find(operation, "op")!.GetValue<string>().ToLowerInvariant() : "";
            if (op is not ("add" or "replace" or "remove")) throw ScimException.Syntax("\"op\" is add, replace or remove.");
            var path = ScimJson.Find(operation, "path");
            if (path is not null && path.GetValueKind() != JsonValueKind.String) throw new ScimException(400, ScimTypes.InvalidPath, "A path is a text.");
            One(schema, resource, op, path?.GetValue<string>(), ScimJson.Find(operation, "value"));
        }
    }

    private static void One(ScimSchema schema, JsonObject resource, string op, string? path, JsonNode? value)
    {
        if (string.IsNullOrEmpty(path))
        {
            if (op == "remove") throw new ScimException(400, ScimTypes.NoTarget, "What to remove is not named.");
            if (value is not JsonObject several) throw ScimException.Value("Without a path the value is an object of attributes.");
            foreach (var (name, part) in several)
            {
                // The resource's own id comes along with some clients; that it stays is what they expect.
                if (schema.ReadOnly.Contains(name)) continue;
                // An object under a schema's name holds that schema's attributes.
                if (name.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) && part is JsonObject) continue;
                One(schema, resource, op, name, part);
            }

            return;
        }

        var target = ScimTarget.Parse(path);
        if (schema.Resolve(target.Attribute) is not { } found) return;
        if (target.Elements is { } filter) Elements(schema, resource, op, found.Name, filter, target.Sub, value);
        else if (schema.Lists.Contains(found.Name)) List(resource, op, found, value);
        else Plain(schema, resource, op, found, value);
    }

    private static void Plain(ScimSchema schema, JsonObject resource, string op, (string Name, string? Sub) at, JsonNode? value)
    {
        if (at.Sub is { } sub)
        {
            if (resource[at.Name] is not JsonObject whole) resource[at.Name] = whole = [];
            if (op == "remove") whole.Remove(sub);
            else whole[sub] = value?.DeepClone();
        }
        else if (op == "remove")
        {
            resource.Remove(at.Name);
        }
        else if (value is JsonObject parts && schema.Kept[at.Name].Length > 0)
        {
            // Parts that are not named stay, also under "replace" (RFC 7644 § 3.5.2.3).
            if (resource[at.Name] is not JsonObject whole) resource[at.Name] = whole = [];
            foreach (var (name, part) in parts)
            {
                if (schema.Part(at.Name, name) is { } own) whole[own] = part?.DeepClone();
            }
        }
        else
        {
            resource[at.Name] = value?.DeepClone();
        }
    }

    private static void List(JsonObject resource, string op, (string Name, string? Sub) at, JsonNode? value)
    {
        // A part of every element ("emails.value") has no meaning that all clients share.
        if (at.Sub is not null) throw new ScimException(400, ScimTypes.InvalidPath, $"Say which element of \"{at.Name}\" is meant.");
        var given = value switch { null => [], JsonArray several => several.Select(v => v?.DeepClone()).ToList(), _ => [value.DeepClone()] };
        if (resource[at.Name] is not JsonArray list) resource[at.Name] = list = [];
        switch (op)
        {
            case "replace":
                list.Clear();
                goto case "add";
            case "add":
                var present = list.Select(ScimJson.ValueOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
                foreach (var element in given.Where(e => present.Add(ScimJson.ValueOf(e)))) list.Add(element);
                break;
            default:
                // Without a value all of them go; with one, those that it names.
                var gone = given.Select(ScimJson.ValueOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
                if (value is null) list.Clear();
                else list.RemoveAll(e => gone.Contains(ScimJson.ValueOf(e)));
                break;
        }
    }

    private static void Elements(ScimSchema schema, JsonObject resource, string op, string name, ScimFilter filter, string? sub, JsonNode? value)
    {
        if (!schema.Lists.Contains(name)) throw new ScimException(400, ScimTypes.InvalidPath, $"\"{name}\" has no elements.");
        if (resource[name] is not JsonArray list) resource[name] = list = [];
        var part = sub is null ? null : schema.Part(name, sub);
        // A part that is not kept: nothing to do.
        if (sub is not null && part is null) return;
        var fitting = list.OfType<JsonObject>().Where(e => Fits(e, filter)).ToList();
        if (op == "remove")
        {
            // What is not there is gone already: the directory's second try must not fail.
            foreach (var element in fitting)
            {
                if (part is null) list.Remove(element);
                else element.Remove(part);
            }

            return;
        }

        if (fitting.Count == 0)
        {
            // Directories set emails[type eq "work"].value before there is one: the filter says what the element is.
            if (filter is not ScimFilter.Compare { Operator: "eq", Path: { Schema: null, Sub: null } of, Value.ValueKind: JsonValueKind.String } compare || schema.Part(name, of.Name) is not { } own)
                throw new ScimException(400, ScimTypes.NoTarget, $"No element of \"{name}\" fits.");
            var made = new JsonObject { [own] = compare.Value.GetString() };
            list.Add(made);
            fitting.Add(made);
        }

        foreach (var element in fitting)
        {
            if (part is not null) element[part] = value?.DeepClone();
            else if (value is JsonObject parts)
            {
                foreach (var (key, inner) in parts)
                {
                    if (schema.Part(name, key) is { } own) element[own] = inner?.DeepClone();
                }
            }
            else throw ScimException.Value($"An element of \"{name}\" is an object.");
        }
    }

    private static bool Fits(JsonObject element, ScimFilter filter) => filter switch
    {
        ScimFilter.And(var left, var right) => Fits(element, left) && Fits(element, right),
        ScimFilter.Or(var left, var right) => Fits(element, left) || Fits(element, right),
        ScimFilter.Not(var inner) => !Fits(element, inner),
        ScimFilter.Present(var path) => Of(element, path) is not null,
        ScimFilter.Compare compare => Compares(Of(element, compare.Path), compare),
        _ => throw new ScimException(400, ScimTypes.InvalidPath, "Elements have no elements."),
    };

    private static JsonNode? Of(JsonObject element, ScimPath path) => path is { Schema: null, Sub: null } ? ScimJson.Find(element, path.Name) : null;

    private static bool Compares(JsonNode? own, ScimFilter.Compare compare)
    {
        var value = own is null ? null : own.GetValueKind() == JsonValueKind.String ? own.GetValue<string>() : own.ToJsonString();
        var wanted = compare.Value.ValueKind switch { JsonValueKind.Null => null, JsonValueKind.String => compare.Value.GetString(), _ => compare.Value.GetRawText() };
        var same = string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);
        return compare.Operator switch
        {
            "eq" => same,
            "ne" => !same,
            "co" => value is not null && wanted is not null && value.Contains(wanted, StringComparison.OrdinalIgnoreCase),
            "sw" => value is not null && wanted is not null && value.StartsWith(wanted, StringComparison.OrdinalIgnoreCase),
            "ew" => value is not null && wanted is not null && value.EndsWith(wanted, StringComparison.OrdinalIgnoreCase),
            _ => throw new ScimException(400, ScimTypes.InvalidPath, $"\"{compare.Operator}\" does not choose elements."),
        };
    }
}
