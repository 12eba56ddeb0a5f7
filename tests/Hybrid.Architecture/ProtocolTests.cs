using System.Text.RegularExpressions;
using Hybrid.Architecture.Routes;
using Hybrid.Architecture.Rules;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Infrastructure.Http;
using Microsoft.AspNetCore.Authorization;

namespace Hybrid.Architecture;

/// <summary>What an agent may call is what storage-agent/PROTOCOL.md lists, and no more (security.md, T8).</summary>
public sealed partial class ProtocolTests(TownFixture fixture)
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("storage-agent/PROTOCOL.md"));

    [Fact]
    public void RoutesOfAgents_AreThoseOfTheProtocolPage()
    {
        var forAgents = fixture.Routes.Select(r => r.Pattern).Where(p => p.StartsWith("/agent", StringComparison.Ordinal)).Select(p => p.Replace("/negotiate", "", StringComparison.Ordinal)).Distinct();
        Assert.Equal(Listed().Order(StringComparer.Ordinal), forAgents.Order(StringComparer.Ordinal));

        // An agent's assertion opens the link and nothing else.
        var byAssertion = fixture.Routes.Where(r => r.Endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy == Policies.Agent)).Select(r => r.Pattern).ToList();
        Assert.NotEmpty(byAssertion);
        Assert.All(byAssertion, p => Assert.StartsWith(LinkMethods.Path, p, StringComparison.Ordinal));
    }

    [Fact]
    public void MethodsOfTheLink_AreThoseOfTheProtocolPage()
    {
        var methods = typeof(LinkMethods).GetFields().Where(f => f is { IsLiteral: true } && f.FieldType == typeof(string)).Select(f => (string)f.GetRawConstantValue()!).Where(v => v[0] != '/');
        var hub = typeof(ControlPlane.Features.Agents.AgentLink).GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly)
            .Where(m => m.GetBaseDefinition() == m).Select(m => m.Name);
        var link = Page.Split('\n').Single(l => l.Contains("**Link**", StringComparison.Ordinal));
        var listed = Word().Matches(link[link.IndexOf("agent →", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(listed.Order(StringComparer.Ordinal), methods.Order(StringComparer.Ordinal));
        Assert.Subset(listed.ToHashSet(StringComparer.Ordinal), hub.ToHashSet(StringComparer.Ordinal));
        Assert.Contains(LinkMethods.Hello, hub);
    }

    private static IEnumerable<string> Listed() => Route().Matches(Page).Select(m => m.Value).Distinct();

    [GeneratedRegex("/agent/v1/[a-z-]+")]
    private static partial Regex Route();

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Word();
}
