using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Hybrid.ControlPlane.Features.Scim;
using Hybrid.ControlPlane.Infrastructure.Scim;

namespace Hybrid.ControlPlane.Tests.Features.Scim;

/// <summary>The grammar of filters and paths: what is written is read again, what is not of it is refused, and nothing else ever happens.</summary>
public sealed class ScimFilterTests
{
    private static readonly Gen<ScimPath> Paths =
        from schema in Gen.OneOf<string?>(null, null, DirectoryPeople.Urn)
        from name in Gen.OneOf("userName", "emails", "active", "not", "or", "x-1")
        from sub in Gen.OneOf<string?>(null, "value", "type")
        select new ScimPath(schema, name, sub);

    private static readonly Gen<JsonElement> Values = Gen.OneOf(
        Gen.String.Where(s => !s.Contains('\0', StringComparison.Ordinal) && s.Length < 20).Select(s => JsonElement.Parse(JsonSerializer.Serialize(s))),
        Gen.Bool.Select(b => JsonElement.Parse(b ? "true" : "false")), Gen.Int.Select(i => JsonElement.Parse(i.ToString(System.Globalization.CultureInfo.InvariantCulture))), Gen.Const(JsonElement.Parse("null")));

    private static readonly Gen<ScimFilter> Filters = Gen.Recursive<ScimFilter>((depth, inner) => depth >= 4
        ? Leaves
        : Gen.Frequency(
            (3, Leaves),
            (1, Gen.Select(inner, inner, (ScimFilter l, ScimFilter r) => (ScimFilter)new ScimFilter.And(l, r))),
            (1, Gen.Select(inner, inner, (ScimFilter l, ScimFilter r) => (ScimFilter)new ScimFilter.Or(l, r))),
            (1, inner.Select(f => (ScimFilter)new ScimFilter.Not(f))),
            (1, Gen.Select(Paths, inner, (ScimPath p, ScimFilter f) => (ScimFilter)new ScimFilter.Element(p with { Sub = null }, f)))));

    private static Gen<ScimFilter> Leaves => Gen.OneOf(
        Paths.Select(p => (ScimFilter)new ScimFilter.Present(p)),
        Gen.Select(Paths, Gen.OneOf("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"), Values, (ScimPath p, string o, JsonElement v) => (ScimFilter)new ScimFilter.Compare(p, o, v)));

    [Fact]
    public void WhatIsWritten_IsReadAgain() => Filters.Sample(filter =>
    {
        var text = Write(filter);
        if (text.Length > ScimFilter.MaxLength) return;
        Assert.Equal(text, Write(ScimFilter.Parse(text)));
    }, iter: 2000);

    [Fact]
    public void AnyText_IsAFilterOrRefused() => Gen.OneOf(Gen.String, Gen.String["userNameqoradt()[]\"\\.: 0"], Filters.Select(Write).SelectMany(t => Gen.Int[0, t.Length].Select(i => t[..i]))).Sample(text =>
    {
        foreach (var read in new Action<string>[] { t => ScimFilter.Parse(t), t => ScimTarget.Parse(t), t => DirectoryPeople.Query.Where(ScimFilter.Parse(t)) })
        {
            try
            {
                read(text);
            }
            catch (ScimException refused)
            {
                Assert.Equal(400, refused.Status);
            }
        }
    }, iter: 3000);

    [Theory]
    [InlineData("""userName eq "x" and active eq true or displayName co "y" """, """((userName eq "x" and active eq true) or displayName co "y")""")]
    [InlineData("""userName EQ "x" AND (active eq true OR displayName Pr)""", """(userName eq "x" and (active eq true or displayName pr))""")]
    [InlineData("""not (userName sw "a")""", """not (userName sw "a")""")]
    [InlineData("""emails[type eq "work"]""", """emails[type eq "work"]""")]
    [InlineData("""urn:ietf:params:scim:schemas:core:2.0:User:name.givenName ew "x" """, """urn:ietf:params:scim:schemas:core:2.0:User:name.givenName ew "x" """)]
    public void Precedence_IsTheStandards(string text, string read) => Assert.Equal(read.Trim(), Write(ScimFilter.Parse(text)));

    [Theory]
    [InlineData("members", "members", null, null)]
    [InlineData("name.givenName", "name.givenName", null, null)]
    [InlineData("""members[value eq "a"]""", "members", """value eq "a" """, null)]
    [InlineData("""emails[type eq "work" and primary eq true].value""", "emails", """(type eq "work" and primary eq true)""", "value")]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"work\"].value", "urn:ietf:params:scim:schemas:core:2.0:User:emails", "type eq \"work\"", "value")]
    public void Paths_NameAttributesElementsAndParts(string text, string attribute, string? elements, string? sub)
    {
        var target = ScimTarget.Parse(text);
        Assert.Equal((attribute, elements?.Trim(), sub), (target.Attribute.ToString(), target.Elements is null ? null : Write(target.Elements), target.Sub));
    }

    [Fact]
    public void APatch_ThenItsOpposite_LeavesTheMembersAsTheyWere() => Gen.Select(Gen.Guid.HashSet[0, 20], Gen.Guid.HashSet[1, 20]).Sample((before, more) =>
    {
        var group = new JsonObject { ["displayName"] = "x", ["members"] = new JsonArray([.. before.Select(Member)]) };
        var added = more.Except(before).ToList();
        Apply(group, new JsonObject { ["op"] = "Add", ["path"] = "members", ["value"] = new JsonArray([.. more.Select(Member)]) });
        Assert.Equal(before.Union(more).Order(), Members(group));
        foreach (var one in added) Apply(group, new JsonObject { ["op"] = "remove", ["path"] = $"members[value eq \"{one}\"]" });
        Assert.Equal(before.Order(), Members(group));
    });

    private static JsonNode Member(Guid id) => new JsonObject { ["value"] = id.ToString() };

    private static IEnumerable<Guid> Members(JsonObject group) => group["members"]!.AsArray().Select(m => Guid.Parse(m!["value"]!.GetValue<string>(), null)).Order();

    private static void Apply(JsonObject group, JsonObject operation) => ScimPatch.Apply(DirectoryGroups.Schema, group, new JsonObject { ["Operations"] = new JsonArray(operation) });

    private static string Write(ScimFilter filter) => filter switch
    {
        ScimFilter.And(var l, var r) => $"({Write(l)} and {Write(r)})",
        ScimFilter.Or(var l, var r) => $"({Write(l)} or {Write(r)})",
        ScimFilter.Not(var f) => f is ScimFilter.And or ScimFilter.Or ? $"not {Write(f)}" : $"not ({Write(f)})",
        ScimFilter.Present(var p) => $"{p} pr",
        ScimFilter.Element(var p, var f) => $"{p}[{Write(f)}]",
        ScimFilter.Compare(var p, var o, var v) => $"{p} {o} {v.GetRawText()}",
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };
}
