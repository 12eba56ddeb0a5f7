using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Enrolment;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Identity;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>The agent's own executable with its file and folder, so that it can be killed, told to end, and find its disk full; and of its control plane the keys alone.</summary>
internal sealed class AgentOnDisk : IAsyncDisposable
{
    private readonly ECDsa controlPlane = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly StringBuilder said = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private WebApplication keys = null!;
    private Process? process;

    private AgentOnDisk(string home, string? data) => (Home, Data) = (home, data ?? Path.Combine(home, "data"));

    /// <summary>Holds the file, the data folder and the folder that is served.</summary>
    public string Home { get; }

    public string Config => Path.Combine(Home, "agent.json");

    public string Data { get; }

    public string AccessLog => Path.Combine(Data, "access-log");

    public Guid AgentId { get; private set; }

    public Uri Url { get; } = new($"http://127.0.0.1:{TestServers.FreePort().ToString(CultureInfo.InvariantCulture)}");

    public Uri ControlPlane { get; } = new($"http://127.0.0.1:{TestServers.FreePort().ToString(CultureInfo.InvariantCulture)}");

    public Uri Operators { get; } = new($"http://127.0.0.1:{TestServers.FreePort().ToString(CultureInfo.InvariantCulture)}");

    /// <summary>What it said so far, on both outputs.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public Process Process => process!;

    /// <summary>Writes file and identity; the folder is the connection "c", and agent.json may be changed before it starts.</summary>
    public static async Task<AgentOnDisk> PrepareAsync(Action<JsonObject>? change = null, string? data = null, Action<WebApplication>? more = null)
    {
        var agent = new AgentOnDisk(Directory.CreateTempSubdirectory("hybrid-agent").FullName, data);
        await File.WriteAllTextAsync(Path.Combine(agent.Home, "a.png"), "picture");
        var file = new JsonObject
        {
            ["controlPlane"] = agent.ControlPlane.GetLeftPart(UriPartial.Authority), ["publicUrl"] = agent.Url.GetLeftPart(UriPartial.Authority), ["listen"] = agent.Url.GetLeftPart(UriPartial.Authority),
            ["operatorListen"] = agent.Operators.GetLeftPart(UriPartial.Authority), ["dataDirectory"] = agent.Data,
            ["connections"] = new JsonArray(new JsonObject { ["name"] = "c", ["provider"] = "file", ["folder"] = agent.Home }),
        };
        change?.Invoke(file);
        await File.WriteAllTextAsync(agent.Config, file.ToJsonString());
        agent.AgentId = Guid.NewGuid();
        AgentIdentity.Create(agent.Data, agent.AgentId, ECDsa.Create(ECCurve.NamedCurves.nistP256), EcPublicJwk.Of(agent.controlPlane).Thumbprint).Dispose();
        await agent.OpenControlPlaneAsync(more);
        return agent;
    }

    public static async Task<AgentOnDisk> StartAsync(Action<JsonObject>? change = null, Action<WebApplication>? more = null)
    {
        var agent = await PrepareAsync(change, more: more);
        await agent.RunAsync();
        return agent;
    }

    /// <summary>Opens the control plane's port again, with the keys and no link.</summary>
    public async Task OpenControlPlaneAsync(Action<WebApplication>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        keys = builder.Build();
        keys.Urls.Add(ControlPlane.ToString());
        var statement = KeyStatement.Sign(EcPublicJwk.Of(controlPlane), controlPlane, DateTimeOffset.UtcNow);
        keys.MapGet("/agent/v1/keys", () => Results.Json(new KeyStatements([statement])));
        more?.Invoke(keys);
        await keys.StartAsync();
    }

    public async Task CloseControlPlaneAsync() => await keys.DisposeAsync();

    /// <summary>Starts the executable and waits until it answers.</summary>
    public Task RunAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AgentHost).Assembly.Location, "run", "--config", Config]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return RunAsync(start);
    }

    /// <summary>The same with another executable.</summary>
    public async Task RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilAsync(async () => !process.HasExited && (await http.GetAsync(new Uri(Url, "/health/live"))).IsSuccessStatusCode);
    }

    public Task<(IReadOnlyList<UrlAnswerObject> Objects, string? Code)> AskAsync(params ObjectReference[] objects) => AskAsAsync(new Asking(), objects);

    public Task<(IReadOnlyList<UrlAnswerObject> Objects, string? Code)> AskAsAsync(Asking asking, params ObjectReference[] objects)
    {
        using var identity = AgentIdentity.Load(Data);
        var known = identity.PublicJwk;
        return Browser.AskAsync(http, Url, AgentId, kid => kid == known.Thumbprint ? known : null, controlPlane, ControlPlane.GetLeftPart(UriPartial.Authority), DateTimeOffset.UtcNow, asking, objects);
    }

    public async Task<(int Status, string Text)> GetAsync(Uri url)
    {
        using var answer = await http.GetAsync(url);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a signal, e.g. TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until something holds, at most half a minute.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                if (await holds()) return;
            }
            catch (HttpRequestException)
            {
                // Not there yet, or not any more.
            }

            Assert.False(bound.IsCancellationRequested, Said);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task UntilSaidAsync(string text) => UntilAsync(() => Task.FromResult(Said.Contains(text, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) process.Kill();
        if (process is not null) await process.WaitForExitAsync();
        process?.Dispose();
        await keys.DisposeAsync();
        http.Dispose();
        controlPlane.Dispose();
        Directory.Delete(Home, recursive: true);
    }

    private void Keep(string? line)
    {
        lock (said) said.AppendLine(line);
    }
}
