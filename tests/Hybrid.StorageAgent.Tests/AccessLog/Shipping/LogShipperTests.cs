using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.AccessLog.Shipping;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Telemetry;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.StorageAgent.Tests.AccessLog.Shipping;

/// <summary>Lines on their way out, over real sockets; and that serving never waits for them.</summary>
public sealed partial class LogShipperTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 7, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-shipping").FullName;
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<AgentMetrics>().BuildServiceProvider();

    // A line that never comes must not be waited for for ever.
    private readonly CancellationTokenSource bound = new(TimeSpan.FromSeconds(40));

    private CancellationToken Ct => bound.Token;

    public void Dispose()
    {
        bound.Dispose();
        services.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Udp_EachLineOfTheServingAgentIsOneMessage()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)server.Client.LocalEndPoint!).Port;
        await using var agent = await RunningAgent.StartAsync(
            new TestClock(), o => o.AccessLog.Syslog = new Uri(string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{port}")), new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });
        await agent.AskAsync(new("c", "ü.png", null), new("c", "../a", null));

        var lines = File.ReadAllLines(AccessJournal.Files(agent.AccessLog).Single());
        foreach (var (line, priority) in lines.Zip((int[])[110, 109]))
        {
            var message = Encoding.UTF8.GetString((await server.ReceiveAsync(Ct)).Buffer);
            Assert.Matches(Rfc5424(), message);
            Assert.StartsWith($"<{priority}>1 2026-03-01T12:00:00.000000Z ", message, StringComparison.Ordinal);
            Assert.EndsWith(" hybrid-agent " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + " access - " + line, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tcp_WhenTheServerGoesAndComesBack_GoesOnWhereItWas()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        var port = ((IPEndPoint)first.LocalEndpoint).Port;
        var shipper = Shipper(new SyslogSink(new Uri(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}")), null));
        await shipper.StartAsync(Ct);
        shipper.Offer(Line(0));
        using (var connection = await first.AcceptTcpClientAsync(Ct))
        {
            Assert.EndsWith("line 0", await FrameAsync(connection.GetStream()), StringComparison.Ordinal);
        }

        first.Stop();
        for (var i = 1; i < 4; i++) shipper.Offer(Line(i));
        using var second = new TcpListener(IPAddress.Loopback, port);
        second.Start();
        using var again = await second.AcceptTcpClientAsync(Ct);
        for (var i = 1; i < 4; i++) Assert.EndsWith($"line {i}", await FrameAsync(again.GetStream()), StringComparison.Ordinal);
        await shipper.StopAsync(Ct);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tls_SpeaksOnlyToAServerThatIsTrusted(bool trusted)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var ca = Path.Combine(folder, "ca.pem");
        await File.WriteAllTextAsync(ca, certificate.ExportCertificatePem(), Ct);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"tls://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}"));
        var shipper = Shipper(new SyslogSink(address, trusted ? ca : null));
        await shipper.StartAsync(Ct);
        shipper.Offer(Line(0));
        using var connection = await server.AcceptTcpClientAsync(Ct);
        await using var tls = new SslStream(connection.GetStream());
        // Whichever side ends it, nothing of the line was said.
        var refused = await Record.ExceptionAsync(async () =>
        {
            await tls.AuthenticateAsServerAsync(certificate);
            Assert.EndsWith("line 0", await FrameAsync(tls), StringComparison.Ordinal);
        });

        if (trusted) Assert.Null(refused);
        else Assert.True(refused is IOException or System.Security.Authentication.AuthenticationException, $"{refused}");
        await shipper.StopAsync(Ct);
    }

    [Fact]
    public async Task Queue_WhenTheSinkIsStuck_DropsAndCountsAndNeverWaits()
    {
        var (dropped, shipped) = (0L, 0L);
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Scope == (object)services.GetRequiredService<IMeterFactory>()) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) =>
        {
            if (i.Name == "hybrid.agent.log.dropped") Interlocked.Add(ref dropped, value);
            if (i.Name == "hybrid.agent.log.shipped") Interlocked.Add(ref shipped, value);
            Assert.Equal("stuck", tags[0].Value);
        });
        listener.Start();
        var sink = new Stuck();
        var shipper = Shipper(sink, room: 3);
        await shipper.StartAsync(Ct);
        for (var i = 0; i < 10; i++) shipper.Offer(Line(i));
        Assert.Equal(7, Interlocked.Read(ref dropped));

        sink.Open.SetResult();
        await shipper.StopAsync(Ct);
        shipper.Offer(Line(11));

        Assert.Equal(["line 0", "line 1", "line 2"], sink.Sent);
        Assert.Equal((8, 3), (Interlocked.Read(ref dropped), Interlocked.Read(ref shipped)));
    }

    [Fact]
    public async Task Serving_WhenTheServerAcceptsAndNeverReads_GoesOn()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0) { Server = { ReceiveBufferSize = 4096 } };
        server.Start();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}"));
        await using var agent = await RunningAgent.StartAsync(
            new TestClock(),
            o => (o.AccessLog.Syslog, o.Limits.PerPersonPerMinute, o.Limits.PerPersonPerHour) = (address, 100_000, 100_000),
            new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });
        var twenty = Enumerable.Range(0, 20).Select(i => new ObjectReference("c", $"{new string('k', 900)}/{i}.png", null)).ToArray();
        // 2 MB of lines, far more than the sockets hold.
        for (var i = 0; i < 100; i++) Assert.All((await agent.AskAsync(twenty)).Objects, o => Assert.NotNull(o.Url));

        Assert.Equal((2_000, null), AccessJournal.Verify(agent.AccessLog));
    }

    [Fact]
    public async Task Otlp_TakesTheLines_AndTheConsoleDoesNot()
    {
        var received = new MemoryStream();
        await using var agent = await AgentOnDisk.PrepareAsync(file => file["accessLog"] = new System.Text.Json.Nodes.JsonObject { ["otlp"] = true }, more: app => Collect(app, received));
        await agent.RunAsync(new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = agent.ControlPlane.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
            // A level that the operator chose for the console is not for the record.
            ["Logging__LogLevel__Default"] = "Error",
        });
        Assert.NotNull((await agent.AskAsync(new ObjectReference("c", "a.png", null))).Objects.Single().Url);

        await agent.UntilAsync(() =>
        {
            lock (received) return Task.FromResult(Encoding.UTF8.GetString(received.ToArray()).Contains("\"rule\":\"all-rules-pass\"", StringComparison.Ordinal));
        });
        Assert.DoesNotContain("all-rules-pass", agent.Said, StringComparison.Ordinal);
    }

    private void Collect(Microsoft.AspNetCore.Builder.WebApplication app, MemoryStream received) => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapPost(app, "/v1/{signal}", async (string signal, Microsoft.AspNetCore.Http.HttpRequest request) =>
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, Ct);
        if (signal != "logs") return;
        lock (received) body.WriteTo(received);
    });

    private static ShippedLine Line(int number) => new(At, true, string.Create(CultureInfo.InvariantCulture, $"line {number}"));

    private LogShipper Shipper(IShippingSink sink, int room = 100) => new(sink, services.GetRequiredService<AgentMetrics>(), TimeProvider.System, NullLogger<LogShipper>.Instance, room);

    // RFC 6587: the octets' number, a space, the octets.
    private async Task<string> FrameAsync(Stream stream)
    {
        var (length, one) = (0, new byte[1]);
        while (true)
        {
            await stream.ReadExactlyAsync(one, Ct);
            if (one[0] == ' ') break;
            length = (length * 10) + (one[0] - '0');
        }

        var message = new byte[length];
        await stream.ReadExactlyAsync(message, Ct);
        var text = Encoding.UTF8.GetString(message);
        Assert.Matches(Rfc5424(), text);
        return text;
    }

    // PRI VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG
    [GeneratedRegex(@"^<(109|110)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [!-~]{1,255} [!-~]{1,48} [!-~]{1,128} [!-~]{1,32} - .+$")]
    private static partial Regex Rfc5424();

    private sealed class Stuck : IShippingSink
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Sent { get; } = [];

        public string Name => "stuck";

        public async ValueTask SendAsync(ShippedLine line, CancellationToken ct)
        {
            await Open.Task.WaitAsync(ct);
            Sent.Add(line.Text);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
