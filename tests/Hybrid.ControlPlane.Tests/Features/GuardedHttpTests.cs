using System.Net;
using System.Net.Sockets;
using Hybrid.ControlPlane.Infrastructure.Http;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Requests to addresses that customers name do not lead inside (security.md T11).</summary>
public sealed class GuardedHttpTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void OnlyPublicAddresses_ArePublic(string address, bool isPublic) => Assert.Equal(isPublic, GuardedHttp.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task AName_IsResolvedOnce_AndARebindingOneIsRefused()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        var asked = 0;
        using var http = GuardedHttp.Client([], (_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [IPAddress.Loopback] : [IPAddress.Parse("8.8.8.8")]));

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"http://rebind.test:{((IPEndPoint)inside.LocalEndpoint).Port}/", TestContext.Current.CancellationToken));
        Assert.Equal(1, asked);
        Assert.False(inside.Pending());
        using var mixed = GuardedHttp.Client([], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]));
        await Assert.ThrowsAsync<HttpRequestException>(() => mixed.GetAsync("http://mixed.test/", TestContext.Current.CancellationToken));
    }
}
