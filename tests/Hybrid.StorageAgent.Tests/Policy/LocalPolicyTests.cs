using System.Net;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Policy;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Policy;

/// <summary>Each rule alone refuses, by its name, what all others allow.</summary>
public sealed class LocalPolicyTests
{
    private static readonly Guid Mine = Guid.NewGuid();

    [Fact]
    public void Policy_WhenNothingIsConfigured_AllowsAnyPlainKeyOfAKnownConnection()
    {
        Assert.Null(Rule(new AgentOptions(), Question(new ConnectionOptions())));
        Assert.Null(Rule(new AgentOptions(), Question(new ConnectionOptions()) with { Client = null }));
    }

    [Fact]
    public void Policy_WhenEverythingFits_Allows() => Assert.Null(Rule(Strict(), Question(Narrow())));

    [Fact]
    public void Connection_WhenUnknown_IsRefused() => Assert.Equal("connection", Rule(Strict(), Question(null)));

    [Theory]
    [InlineData("10.1.2.3", null)]
    [InlineData("::ffff:10.1.2.3", null)]
    [InlineData("fd00::1", null)]
    [InlineData("11.1.2.3", "client-range")]
    [InlineData("::1", "client-range")]
    [InlineData(null, "client-range")]
    public void ClientRange_AdmitsOnlyItsAddresses(string? client, string? rule) =>
        Assert.Equal(rule, Rule(Strict(), Question(Narrow()) with { Client = client is null ? null : IPAddress.Parse(client) }));

    [Theory]
    [InlineData("work", null)]
    [InlineData("guideline", null)]
    [InlineData("view", "act")]
    public void Act_WhenLooksAreForbidden_RefusesView(string act, string? rule)
    {
        var question = Question(Narrow());
        question = question with { Claims = question.Claims with { Act = act } };

        Assert.Equal(rule, Rule(Strict(), question));
        Assert.Null(Rule(new AgentOptions(), question));
    }

    [Theory]
    [InlineData("another")]
    [InlineData("not a guid")]
    [InlineData("")]
    public void Project_WhenNotListed_IsRefused(string project)
    {
        var question = Question(Narrow());

        Assert.Equal("project", Rule(Strict(), question with { Claims = question.Claims with { Project = project == "another" ? Guid.NewGuid().ToString() : project } }));
    }

    [Theory]
    [InlineData("in/a.png", null)]
    [InlineData("more/", null)]
    [InlineData("in", "prefix")]
    [InlineData("inside.png", "prefix")]
    [InlineData("IN/a.png", "prefix")]
    [InlineData("out/a.png", "prefix")]
    [InlineData("in/../out/a.png", "prefix")]
    [InlineData("in/./a.png", "prefix")]
    [InlineData("in/..", "prefix")]
    [InlineData("in\\..\\out", "prefix")]
    [InlineData("in/a\0.png", "prefix")]
    [InlineData("in/a\n.png", "prefix")]
    [InlineData("/in/a.png", "prefix")]
    [InlineData("", "prefix")]
    [InlineData("in/...", null)]
    [InlineData("in/%2e%2e/a.png", null)]
    public void Prefix_AdmitsOnlyPlainKeysBelowIt(string key, string? rule) =>
        Assert.Equal(rule, Rule(Strict(), Question(Narrow()) with { Object = new ObjectReference("c", key, null) }));

    [Fact]
    public void Key_WhenLongerThanAnyStoreAllows_IsRefused()
    {
        Assert.Null(Rule(new AgentOptions(), Question(new ConnectionOptions()) with { Object = new ObjectReference("c", new string('k', 1024), null) }));
        Assert.Equal("prefix", Rule(new AgentOptions(), Question(new ConnectionOptions()) with { Object = new ObjectReference("c", new string('k', 1025), null) }));
    }

    [Fact]
    public void Refusals_TellTheCallerNeitherRuleNorLimit()
    {
        var told = new List<UrlRefusal>();
        var policy = new LocalPolicy(Strict(), new TestClock());
        var question = Question(Narrow());
        foreach (var asked in (PolicyQuestion[])[question with { Client = null }, question with { Connection = null }, question with { Object = new ObjectReference("c", "out", null) }])
            told.Add(policy.FirstRefusal(asked)!.Refusal);

        Assert.Single(told.Distinct());
        Assert.Equal("policy.refused", told[0].Code);
    }

    private static string? Rule(AgentOptions options, PolicyQuestion question) => new LocalPolicy(options, new TestClock()).FirstRefusal(question)?.Name;

    private static AgentOptions Strict()
    {
        var options = new AgentOptions { Limits = new LimitOptions { AllowView = false } };
        options.Limits.ClientRanges.Add("10.0.0.0/8");
        options.Limits.ClientRanges.Add("fd00::/8");
        return options;
    }

    private static ConnectionOptions Narrow()
    {
        var connection = new ConnectionOptions { Name = "c" };
        connection.Prefixes.Add("in/");
        connection.Prefixes.Add("more/");
        connection.Projects.Add(Mine);
        return connection;
    }

    private static PolicyQuestion Question(ConnectionOptions? connection) => new(
        new GrantClaims
        {
            Issuer = "i", Audience = "a", Subject = "p", Project = Mine.ToString(), Task = "t", Connection = "c", Objects = ["d"], Act = "work",
            IssuedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch, TokenId = "1", KeyThumbprint = "k",
        },
        new ObjectReference("c", "in/a.png", null), connection, IPAddress.Parse("10.1.2.3"));
}
