using Hybrid.ControlPlane.Domain.Agents;

namespace Hybrid.ControlPlane.Domain.Tests.Agents;

public sealed class AgentTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Agent agent = Agent.Create(Guid.NewGuid(), "  ward  ", Now);

    [Fact]
    public void Create_TrimsTheNameAndMakesAPseudonymKeyOfItsOwn()
    {
        Assert.Equal("ward", agent.Name);
        Assert.Equal(32, agent.PseudonymKey.Length);
        Assert.NotEqual(agent.PseudonymKey, Agent.Create(agent.OrganizationId, "other", Now).PseudonymKey);
        Assert.Equal((7, null, null), (agent.Id.Version, agent.EnrolledAt, agent.RevokedAt));
    }

    [Fact]
    public void EnrolledAndRevoked_KeepTheFirstInstant()
    {
        agent.Enrolled(Now);
        agent.Enrolled(Now.AddHours(1));
        agent.Revoke(Now.AddHours(2));
        agent.Revoke(Now.AddHours(3));

        Assert.Equal((Now, Now.AddHours(2)), (agent.EnrolledAt, agent.RevokedAt));
    }

    [Fact]
    public void Hello_IsASignOfLife()
    {
        agent.SaidHello("https://agent.example", "1.2.3", Now);
        agent.Seen(Now.AddMinutes(1));

        Assert.Equal(("https://agent.example", "1.2.3", Now.AddMinutes(1)), (agent.Url, agent.SoftwareVersion, agent.LastSeenAt));
    }

    [Fact]
    public void Key_BelongsToItsAgentAndStaysRevoked()
    {
        var key = AgentKey.Create(agent, "kid", "{}", Now);
        key.Revoke(Now);
        key.Revoke(Now.AddHours(1));

        Assert.Equal((agent.Id, agent.OrganizationId, Now), (key.AgentId, key.OrganizationId, key.RevokedAt));
    }

    [Fact]
    public void Token_WhenUsedOnce_IsUsedUp()
    {
        var token = EnrolmentToken.Create(agent, [1], Now);

        Assert.True(token.TryUse(Now.AddMinutes(1)));
        Assert.False(token.TryUse(Now.AddMinutes(2)));
        Assert.Equal(Now.AddMinutes(1), token.UsedAt);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(899, true)]
    [InlineData(900, false)]
    [InlineData(901, false)]
    public void Token_ServesFifteenMinutesAndNotTheInstantAfter(int seconds, bool serves) =>
        Assert.Equal(serves, EnrolmentToken.Create(agent, [1], Now).TryUse(Now.AddSeconds(seconds)));

    [Fact]
    public void Connection_WhenDescribedAgain_ComesBack()
    {
        var connection = Connection.Create(agent, "archive", Now);
        Assert.True(connection.Describe("s3", "presigned", "https://s3.example", "url.header_unbound"));
        Assert.False(connection.Describe("s3", "presigned", "https://s3.example", "url.header_unbound"));
        connection.Remove(Now);
        connection.Remove(Now.AddHours(1));
        Assert.Equal(Now, connection.RemovedAt);

        Assert.True(connection.Describe("file", "proxy", "https://agent.example", ""));

        Assert.Equal(("file", "proxy", "https://agent.example", "", null), (connection.Provider, connection.Delivery, connection.StorageOrigin, connection.Weaknesses, connection.RemovedAt));
    }
}
