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
        Assert.Null(Rule(Plain(), Question(new ConnectionOptions())));
        Assert.Null(Rule(Plain(), Question(new ConnectionOptions()) with { Caller = Caller.Relayed }));
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
        Assert.Equal(rule, Rule(Strict(), Question(Narrow()) with { Caller = new Caller(client is null ? null : IPAddress.Parse(client), null) }));

    [Theory]
    [InlineData("work", null)]
    [InlineData("guideline", null)]
    [InlineData("view", "act")]
    public void Act_WhenLooksAreForbidden_RefusesView(string act, string? rule)
    {
        var question = Question(Narrow());
        question = question with { Claims = question.Claims with { Act = act } };

        Assert.Equal(rule, Rule(Strict(), question));
        Assert.Null(Rule(Plain(), question));
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
        Assert.Null(Rule(Plain(), Question(new ConnectionOptions()) with { Object = new ObjectReference("c", new string('k', 1024), null) }));
        Assert.Equal("prefix", Rule(Plain(), Question(new ConnectionOptions()) with { Object = new ObjectReference("c", new string('k', 1025), null) }));
    }

    [Fact]
    public void Refusals_TellTheCallerNeitherRuleNorLimit()
    {
        var told = new List<UrlRefusal>();
        var policy = new LocalPolicy(Strict(), new TestClock());
        var question = Question(Narrow());
        foreach (var asked in (PolicyQuestion[])[question with { Caller = Caller.Relayed }, question with { Connection = null }, question with { Object = new ObjectReference("c", "out", null) }])
            told.Add(policy.FirstRefusal(asked)!.Refusal);

        Assert.Single(told.Distinct());
        Assert.Equal("policy.refused", told[0].Code);
    }

    [Theory]
    [InlineData("https://hybrid.example", null)]
    [InlineData(null, null)]
    [InlineData("https://evil.example", "origin")]
    [InlineData("null", "origin")]
    public void Origin_WhenNoneIsListed_IsTheWorkspaces(string? origin, string? rule) => Assert.Equal(rule, Rule(Plain(), From(origin)));

    [Theory]
    [InlineData("https://inside.example", null)]
    [InlineData("https://hybrid.example", "origin")]
    [InlineData(null, "origin")]
    public void Origin_WhenSomeAreListed_IsOneOfThem(string? origin, string? rule)
    {
        var options = Plain();
        options.Limits.Origins.Add("https://inside.example");

        Assert.Equal(rule, Rule(options, From(origin)));
        Assert.Equal("origin", Rule(options, Question(Narrow()) with { Caller = Caller.Relayed }));
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("p", "", null)]
    [InlineData("q", "", "person-listed")]
    [InlineData("P", "", "person-listed")]
    [InlineData("", "p", "person-denied")]
    [InlineData("p", "p", "person-denied")]
    [InlineData("", "q", null)]
    public void Person_IsAllowedOrDeniedByPseudonym(string allow, string deny, string? rule)
    {
        var options = Plain();
        if (allow.Length > 0) options.Limits.People.Allow.Add(allow);
        if (deny.Length > 0) options.Limits.People.Deny.Add(deny);

        Assert.Equal(rule, Rule(options, Question(Narrow())));
    }

    [Fact]
    public void Project_WhenTheAgentListsOthers_IsRefusedOnEveryConnection()
    {
        var options = Plain();
        options.Limits.Projects.Add(Guid.NewGuid());
        Assert.Equal("project-listed", Rule(options, Question(new ConnectionOptions())));
        options.Limits.Projects.Add(Mine);
        Assert.Null(Rule(options, Question(new ConnectionOptions())));
    }

    [Fact]
    public void Hours_WhenClosed_RefuseAndSayNoMoreThanThat()
    {
        var options = Plain();
        options.Limits.Hours.TimeZone = "Europe/Berlin";
        options.Limits.Hours.Open.Add(new OpeningOptions { From = "08:00", To = "13:00" });
        Assert.Equal("hours", Rule(options, Question(Narrow())));
        Assert.Null(Rule(options, Question(Narrow()) with { At = new DateTimeOffset(2026, 3, 1, 11, 59, 59, TimeSpan.Zero) }));
        Assert.Equal("policy.closed", new LocalPolicy(options, new TestClock()).FirstRefusal(Question(Narrow()))!.Refusal.Code);
    }

    [Fact]
    public void Decide_CountsOnlyWhatPassedTheRules_AndServesNoneOfItOverACeiling()
    {
        var options = Plain();
        options.Limits.PerPersonPerMinute = 3;
        var policy = new LocalPolicy(options, new TestClock());
        PolicyQuestion good = Question(Narrow()), bad = good with { Object = new ObjectReference("c", "out/a.png", null) };

        Assert.Equal([null, "prefix", null], policy.Decide([good, bad, good]).Select(r => r?.Name));
        Assert.Equal(["prefix", "person-per-minute", "person-per-minute"], policy.Decide([bad, good, good]).Select(r => r?.Name));
        Assert.Equal([null], policy.Decide([good]).Select(r => r?.Name));
        Assert.Equal("policy.ceiling", policy.Decide([good])[0]!.Refusal.Code);
    }

    [Theory]
    [InlineData(60, null, 60)]
    [InlineData(60, 30, 30)]
    [InlineData(20, 30, 20)]
    public void Lifetime_IsTheShorterOfBoth(int connection, int? agent, int seconds)
    {
        var options = Plain();
        options.Limits.MaxUrlSeconds = agent;

        Assert.Equal(TimeSpan.FromSeconds(seconds), new LocalPolicy(options, new TestClock()).LifetimeOf(new ConnectionOptions { MaxUrlSeconds = connection }));
    }

    private static PolicyQuestion From(string? origin) => Question(Narrow()) with { Caller = new Caller(IPAddress.Loopback, origin) };

    private static AgentOptions Plain() => new() { ControlPlane = new Uri("https://hybrid.example") };

    private static string? Rule(AgentOptions options, PolicyQuestion question) => new LocalPolicy(options, new TestClock()).FirstRefusal(question)?.Name;

    private static AgentOptions Strict()
    {
        var options = Plain();
        options.Limits.AllowView = false;
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
        new ObjectReference("c", "in/a.png", null), connection, new Caller(IPAddress.Parse("10.1.2.3"), null), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
}
