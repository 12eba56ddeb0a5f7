using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.ServiceDefaults.Redaction;
using Hybrid.ServiceDefaults.Tests.Harness;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.ServiceDefaults.Tests.Hosts;

/// <summary>Both hosts as processes, asked with every secret in every form in their address and headers, at a chatty log level.</summary>
public sealed class BothHostsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-defaults").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("control plane", "simple")]
    [InlineData("control plane", "json")]
    [InlineData("agent", "simple")]
    [InlineData("agent", "json")]
    public async Task Secrets_InRequests_ReachNeitherConsoleNorCollector(string name, string format)
    {
        await using var collector = await Collector.StartAsync();
        var (url, operators) = (Ports.FreeUrl(), Ports.FreeUrl());
        await using var host = Start(name, url, operators, format, Telemetry(collector));
        await host.AnswersAsync(url);
        using var http = new HttpClient { BaseAddress = url };
        foreach (var planted in Planted.All)
        {
            foreach (var form in Planted.Forms.Values)
            {
                var text = form(planted.Text);
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{Uri.EscapeDataString(text)}?{text.ReplaceLineEndings("")}");
                request.Headers.TryAddWithoutValidation("Authorization", text.ReplaceLineEndings(" "));
                request.Headers.TryAddWithoutValidation("Cookie", text.ReplaceLineEndings(" "));
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True(Planted.LeaksIn(body, planted.Canary) is [], $"{planted.Name} comes back: {body}");
            }
        }

        using var scrape = new HttpClient();
        var metrics = await scrape.GetStringAsync(new Uri(operators, "/metrics"), TestContext.Current.CancellationToken);
        await host.StopAsync();
        var outputs = new Dictionary<string, string>
        {
            ["console"] = host.Console, ["logs"] = collector.TextOf("logs"), ["traces"] = collector.TextOf("traces"), ["metrics"] = collector.TextOf("metrics"), ["scrape"] = metrics,
        };
        Assert.Contains("Request starting", outputs["console"], StringComparison.Ordinal);
        Assert.Contains("Request starting", outputs["logs"], StringComparison.Ordinal);
        Assert.Contains(SecretKinds.Marker(SecretKinds.Email), outputs["console"], StringComparison.Ordinal);
        Assert.Contains("http.response.status_code", outputs["traces"], StringComparison.Ordinal);
        Assert.Contains(name == "agent" ? "hybrid-agent" : "hybrid-control-plane", outputs["traces"], StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count", outputs["scrape"], StringComparison.Ordinal);
        foreach (var (signal, text) in outputs)
        {
            Assert.NotEqual("", text);
            foreach (var planted in Planted.All) Assert.True(Planted.LeaksIn(text, planted.Canary) is [], $"{planted.Name} leaks into {signal}: {string.Join(" | ", Planted.LeaksIn(text, planted.Canary))}");
        }

        if (format == "json")
        {
            foreach (var line in host.Console.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.Equal(JsonValueKind.Object, JsonElement.Parse(line).ValueKind);
        }
    }

    [Theory]
    [InlineData("control plane")]
    [InlineData("agent")]
    public async Task OperatorPort_WhenTaken_IsSaidInOneSentence(string name)
    {
        var (url, operators) = (Ports.FreeUrl(), Ports.FreeUrl());
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, operators.Port);
        taken.Start();
        await using var host = Start(name, url, operators, "simple", []);
        Assert.Equal(2, await host.ExitAsync());
        Assert.Contains($"The operators' listener cannot use {operators.GetLeftPart(UriPartial.Authority)}: end the program that holds the port, or give another address.", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("control plane", "Operator:Listen is https://example:1: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.")]
    [InlineData("agent", "operatorListen is https://example:1: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.")]
    public async Task OperatorAddress_WhenWrong_IsSaidWithTheMend(string name, string sentence)
    {
        await using var host = Start(name, Ports.FreeUrl(), new Uri("https://example:1"), "simple", []);
        Assert.Equal(2, await host.ExitAsync());
        Assert.Contains(sentence, host.Console, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Telemetry(Collector collector) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_MAX_QUEUE_SIZE"] = "100000",
        ["OTEL_BLRP_MAX_QUEUE_SIZE"] = "100000",
        ["Logging__LogLevel__Microsoft.AspNetCore"] = "Debug",
    };

    private HostProcess Start(string name, Uri url, Uri operators, string format, Dictionary<string, string> environment)
    {
        var listen = operators.GetLeftPart(UriPartial.Authority);
        if (name != "agent")
        {
            environment["HYBRID__Operator__Listen"] = listen;
            environment["HYBRID__Operator__LogFormat"] = format;
            return HostProcess.Start(
                ("control-plane/Hybrid.ControlPlane", "hybrid-control-plane"),
                [$"--urls={url}", $"--PublicUrl={url}", "--Database:Provider=Sqlite", $"--Database:ConnectionString=Data Source={Path.Combine(folder, "hybrid.db")}"], environment);
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AgentIdentity.Create(folder, Guid.CreateVersion7(), key, new string('A', 43)).Dispose();
        var config = Path.Combine(folder, "agent.json");
        File.WriteAllText(config, JsonSerializer.Serialize(new
        {
            controlPlane = Ports.FreeUrl(), publicUrl = url, listen = url.GetLeftPart(UriPartial.Authority), dataDirectory = folder, operatorListen = listen, logFormat = format,
            connections = new[] { new { name = "folder", provider = "file", folder } },
        }));
        return HostProcess.Start(("storage-agent/Hybrid.StorageAgent", "hybrid-agent"), ["run", "--config", config], environment);
    }
}
