using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.EndToEnd.Product;

/// <summary>
/// The product as a customer runs it: both real programs in processes of their own, pictures in storage, people in each role. All that
/// the control plane receives and sends passes a recording proxy, and so does what browsers fetch from storage.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public const string Owner = "olga@example.org";
    public const string Labeler = "lea@example.org";
    public const string Reviewer = "rita@example.org";
    public const string Manager = "tomas@example.org";

    private static readonly object Ontology = new
    {
        tools = new object[]
        {
            new { id = "boat", kind = "box", name = "Boat", color = "#e69f00", key = "1", questions = new object[] { new { id = "kind", kind = "single", text = "Kind", options = new object[] { new { id = "sail", text = "Sailing boat" }, new { id = "motor", text = "Motor boat", questions = new object[] { new { id = "size", kind = "single", text = "Size", options = new object[] { new { id = "small", text = "Small" }, new { id = "large", text = "Large" } } } } } } } } },
            new { id = "shore", kind = "polygon", name = "Shore", color = "#56b4e9", key = "2" },
            new { id = "horizon", kind = "polyline", name = "Horizon", color = "#009e73", key = "3" },
            new { id = "buoy", kind = "point", name = "Buoy", color = "#d55e00", key = "4" },
            new { id = "barge", kind = "box", name = "Barge", color = "#cc79a7", key = "5" },
        },
        questions = new object[] { new { id = "usable", kind = "single", text = "Is the picture usable?", required = true, options = new object[] { new { id = "yes", text = "Usable" }, new { id = "no", text = "Not usable" } } } },
        relations = Array.Empty<object>(),
    };

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-installation").FullName;
    private readonly List<IAsyncDisposable> parts = [];
    private readonly List<(Guid Id, string Role)> members = [];

    private readonly List<object> connections = [];

    private Installation(InstallationOptions options) => Options = options;

    public InstallationOptions Options { get; }

    public TestDatabase Database { get; private set; } = null!;

    public RecordingProxy Front { get; private set; } = null!;

    public OtlpReceiver Telemetry { get; private set; } = null!;

    public RunningProgram ControlPlane { get; private set; } = null!;

    public RunningProgram Agent { get; private set; } = null!;

    public BrowserSession OwnerBrowser { get; private set; } = null!;

    /// <summary>Where browsers reach the agent.</summary>
    public Uri AgentUrl { get; private set; } = null!;

    /// <summary>A project that is there from the start.</summary>
    public Guid Project { get; private set; }

    /// <summary>Where people and the agent reach the control plane: through the recording proxy.</summary>
    public Uri Url => new($"http://localhost:{Front.Port}");

    public static string Host(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var dll = Path.Combine(ReferenceFiles.RepositoryRoot, project, "bin", configuration, "net10.0", assembly + ".dll");
        Assert.True(File.Exists(dll), $"{dll} was not built.");
        return dll;
    }

    public static async Task<Installation> StartAsync(InstallationOptions options)
    {
        var installation = new Installation(options);
        try
        {
            await installation.StartControlPlaneAsync();
            await installation.StartAgentAsync();
            await installation.SeedAsync();
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new context of the database, outside the product.</summary>
    public ControlPlaneDb OpenDatabase() => Database.Open();

    public async ValueTask DisposeAsync()
    {
        OwnerBrowser?.Dispose();
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private async Task StartControlPlaneAsync()
    {
        var workspace = Path.Combine(ReferenceFiles.RepositoryRoot, "control-plane", "workspace", "dist");
        if (!File.Exists(Path.Combine(workspace, "index.html"))) Assert.Skip("The workspace was not built: run infra/test.sh, or npm run build in control-plane/workspace.");
        Database = Options.Database == DatabaseProvider.Sqlite
            ? TestDatabase.Sqlite(Path.Combine(folder, "hybrid.db"))
            : await TestDatabase.PostgresAsync();
        Telemetry = Keep(await OtlpReceiver.StartAsync());
        var port = FreePort();
        Front = Keep(RecordingProxy.Start(port));
        var environment = new Dictionary<string, string>(Options.Environment)
        {
            ["HYBRID__PublicUrl"] = Url.ToString(),
            ["HYBRID__Database__Provider"] = Options.Database.ToString(),
            ["HYBRID__Database__ConnectionString"] = Database.App,
            ["HYBRID__WorkspaceFolder"] = workspace,
            // Everything that it can be made to say.
            ["Logging__LogLevel__Default"] = "Trace",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.Endpoint.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        var password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, Password);
        var dll = Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane");
        await RunningProgram.RunAsync(dll, ["create-organization", "--name", "Harbour hospital", "--owner-email", Owner, "--owner-name", "Olga Owner", "--password-file", password], environment);
        ControlPlane = Keep(RunningProgram.Start(Options.ControlPlaneProgram ?? dll, ["--urls", $"http://127.0.0.1:{port}"], environment));
        await ControlPlane.AnswersAsync(new Uri(Url, "/health/ready"));
        OwnerBrowser = new BrowserSession(Url, TimeProvider.System);
        await OwnerBrowser.SignInAsync(Owner, Password);
    }

    private async Task StartAgentAsync()
    {
        connections.Add(await Options.Storage.PrepareAsync(Url.GetLeftPart(UriPartial.Authority)));
        var id = (await OwnerBrowser.PostAsync("/api/agents", new { name = "Harbour agent" })).GetProperty("id").GetGuid();
        var token = (await OwnerBrowser.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        await ConfigureAgentAsync();
        await RestartAgentAsync(token);
    }

    private string AgentConfig => Path.Combine(folder, "agent.json");

    // At an address of its own, with the connections so far.
    private Task ConfigureAgentAsync()
    {
        AgentUrl = new Uri($"http://localhost:{FreePort()}");
        var publicUrl = Options.AgentIsHidden ? new Uri($"http://localhost:{FreePort()}") : AgentUrl;
        return File.WriteAllTextAsync(AgentConfig, JsonSerializer.Serialize(new { controlPlane = Url, publicUrl, listen = AgentUrl.GetLeftPart(UriPartial.Authority), dataDirectory = Path.Combine(folder, "agent"), connections }));
    }

    /// <summary>Restarts the agent at another address, where it serves one folder more.</summary>
    public async Task MoveAgentAsync(string connection, string pictures)
    {
        await Agent.EndAsync();
        connections.Add(new { name = connection, provider = "file", folder = pictures });
        await ConfigureAgentAsync();
        await RestartAgentAsync();
        await Wait.UntilAsync(async () => (await ConnectionsAsync()).ContainsKey(connection));
    }

    private async Task<Dictionary<string, Guid>> ConnectionsAsync() =>
        (await OwnerBrowser.GetAsync("/api/connections")).GetProperty("items").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("id").GetGuid());

    /// <summary>Starts the agent, enrolled already or with its one-time token, and waits until it is linked.</summary>
    public async Task RestartAgentAsync(string token = "")
    {
        Agent = Keep(RunningProgram.Start(Host("storage-agent/Hybrid.StorageAgent", "hybrid-agent"), ["run", "--config", AgentConfig], new Dictionary<string, string> { ["HYBRID_AGENT_TOKEN"] = token }));
        await Agent.AnswersAsync(new Uri(AgentUrl, "/health/live"));
        await Wait.UntilAsync(async () => (await OwnerBrowser.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("online").GetBoolean());
    }

    private async Task SeedAsync()
    {
        foreach (var (email, name, role) in new[] { (Labeler, "Lea Labeler", "labeler"), (Reviewer, "Rita Reviewer", "reviewer"), (Manager, "Tomas Manager", "teamManager") })
        {
            var person = await OwnerBrowser.PostAsync("/api/people", new { email, name, role = "member", password = Password });
            members.Add((person.GetProperty("id").GetGuid(), role));
        }

        Project = await CreateProjectAsync("Boats");
    }

    /// <summary>A project with a person in each role and every picture of a folder of the storage.</summary>
    public async Task<Guid> CreateProjectAsync(string name, string prefix = "harbour/", string connection = "pictures", object? workflow = null)
    {
        var connectionId = (await ConnectionsAsync())[connection];
        var project = (await OwnerBrowser.PostAsync("/api/projects", new { name, connectionIds = new[] { connectionId }, ontology = Ontology })).GetProperty("id").GetGuid();
        foreach (var (personId, role) in members) await OwnerBrowser.PostAsync($"/api/projects/{project}/members", new { personId, role });
        if (workflow is not null) await BrowserSession.OkAsync(await OwnerBrowser.SendAsync(HttpMethod.Put, $"/api/projects/{project}/workflow", workflow, ifMatch: "\"1\""));
        await OwnerBrowser.PostAsync($"/api/projects/{project}/imports", new { connectionId, prefix = Options.Storage.KeepsNames ? "" : prefix });
        await Wait.UntilAsync(async () => (await OwnerBrowser.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0] is var i
            && i.GetProperty("state").GetString() == "done" && i.GetProperty("described").GetInt32() == i.GetProperty("describedTotal").GetInt32());
        return project;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>How an installation is put together.</summary>
/// <param name="Database">Its database.</param>
/// <param name="Storage">Its storage.</param>
internal sealed record InstallationOptions(DatabaseProvider Database, InstallationStorage Storage)
{
    /// <summary>Another build of the control plane, for the planted leaks; null = the product's own.</summary>
    public string? ControlPlaneProgram { get; init; }

    /// <summary>Whether browsers cannot reach the agent: it names an address where nobody listens.</summary>
    public bool AgentIsHidden { get; init; }

    /// <summary>More of the control plane's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>Where an installation's pictures are.</summary>
internal abstract class InstallationStorage : IAsyncDisposable
{
    /// <summary>Random bytes within every picture.</summary>
    public byte[] Canary { get; } = RandomNumberGenerator.GetBytes(48);

    /// <summary>Whether its names stay with the agent.</summary>
    public bool KeepsNames { get; init; }

    /// <summary>Puts the pictures there and gives the connection of the agent's file.</summary>
    public abstract Task<object> PrepareAsync(string workspaceOrigin);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected IEnumerable<(string Key, byte[] Bytes)> Pictures() => Enumerable.Range(1, 3).Select(n => ($"harbour/boat {n}.png", CanaryPicture.Make(900 + n * 50, 640, Canary)));
}
