using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Demo;

namespace Hybrid.Benchmarks.Running;

/// <summary>Both hosts as programs of their own, as people run them: a control plane on SQLite, an enrolled agent, one project.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Email = "olga@bench.example";
    public const string Password = "correct horse battery";

    private readonly List<Child> children = [];

    public string Home { get; } = Directory.CreateTempSubdirectory("hybrid-bench-").FullName;

    /// <summary>Ids of the two hosts' processes.</summary>
    public IReadOnlyList<int> Processes => [.. children.Select(c => c.Id)];

    public Uri Url { get; } = new($"http://localhost:{FreePort()}");

    public Uri AgentUrl { get; } = new($"http://localhost:{FreePort()}");

    public Browser Owner { get; private set; } = null!;

    public string AgentConfig => Path.Combine(Home, "agent.json");

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The host as HYBRID_BENCH_PUBLISHED holds it, else as the build made it.</summary>
    public static string Host(string project, string assembly)
    {
        var file = Environment.GetEnvironmentVariable("HYBRID_BENCH_PUBLISHED") is { Length: > 0 } published
            ? Path.Combine(published, assembly, assembly + ".dll")
            : Path.Combine(Root, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", assembly + ".dll");
        return File.Exists(file) ? file : throw new DemoException($"{file} was not built: run infra/bench.sh.");
    }

    /// <summary>Starts the control plane with its owner.</summary>
    /// <param name="workspace">Folder of the built workspace, or null.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="postgres">An empty database, or null for SQLite.</param>
    public async Task StartControlPlaneAsync(string? workspace, CancellationToken ct, DatabaseOptions? postgres = null)
    {
        var dll = Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane");
        var environment = new Dictionary<string, string>
        {
            ["HYBRID__PublicUrl"] = Url.ToString(), ["HYBRID__Database__ConnectionString"] = $"Data Source={Path.Combine(Home, "hybrid.db")}",
            // As in operation: not a line for each statement.
            ["Logging__LogLevel__Microsoft"] = "Warning",
        };
        if (postgres is not null)
        {
            (environment["HYBRID__Database__Provider"], environment["HYBRID__Database__ConnectionString"], environment["HYBRID__Database__MigrationConnectionString"]) = ("postgres", postgres.ConnectionString, postgres.MigrationConnectionString!);
            await Child.RunAsync("Migrating", "dotnet", [dll, "migrate"], Root, ct, environment);
        }

        if (workspace is not null) environment["HYBRID__WorkspaceFolder"] = workspace;
        var password = Path.Combine(Home, "password");
        await File.WriteAllTextAsync(password, Password, ct);
        await Child.RunAsync("Making the organization", "dotnet", [dll, "create-organization", "--name", "Benchmark", "--owner-email", Email, "--owner-name", "Olga Owner", "--password-file", password], Root, ct, environment);
        children.Add(Child.Start("control plane", Path.Combine(Home, "control-plane.log"), "dotnet", [dll, "--urls", Url.ToString()], environment));
        await UntilAsync("The control plane", () => AnswersAsync(new Uri(Url, "/health/ready")), ct);
        Owner = new Browser(Url);
        await Owner.SignInAsync(Email, Password);
    }

    /// <summary>Writes the agent's file and gives it a token.</summary>
    public async Task<string> PrepareAgentAsync(object connection)
    {
        var limits = new { perPersonPerMinute = 100_000, perPersonPerHour = 1_000_000 };
        await File.WriteAllTextAsync(AgentConfig, JsonSerializer.Serialize(new
        {
            controlPlane = Url, publicUrl = AgentUrl, listen = AgentUrl, dataDirectory = Path.Combine(Home, "agent"), limits, connections = new[] { connection },
        }));
        var id = (await Owner.PostAsync("/api/agents", new { name = "Benchmark agent" })).GetProperty("id").GetGuid();
        return (await Owner.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
    }

    /// <summary>Starts the agent and waits for its link.</summary>
    public async Task StartAgentAsync(string token, CancellationToken ct)
    {
        children.Add(Child.Start(
            "storage agent", Path.Combine(Home, "agent.log"), "dotnet", [Host("storage-agent/Hybrid.StorageAgent", "hybrid-agent"), "run", "--config", AgentConfig], new Dictionary<string, string> { ["HYBRID_AGENT_TOKEN"] = token }));
        await UntilLinkedAsync(ct);
    }

    public Task UntilLinkedAsync(CancellationToken ct) => UntilAsync(
        "The agent's link", async () => (await Owner.GetAsync("/api/agents")).GetProperty("items").EnumerateArray().Any(a => a.GetProperty("online").GetBoolean()), ct);

    /// <summary>A project over everything that the agent lists.</summary>
    public async Task<Guid> ImportAsync(CancellationToken ct)
    {
        var connection = (await Owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var project = (await Owner.PostAsync("/api/projects", new { name = "Benchmark", connectionIds = new[] { connection } })).GetProperty("id").GetGuid();
        await Owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection });
        await UntilAsync("The import", async () =>
        {
            var import = (await Owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0];
            return import.GetProperty("state").GetString() == "done" && import.GetProperty("described").GetInt32() == import.GetProperty("describedTotal").GetInt32();
        }, ct);
        return project;
    }

    public static async Task<bool> AnswersAsync(Uri url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            return (await http.GetAsync(url)).StatusCode == HttpStatusCode.OK;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Resident memory of a process in MB.</summary>
    public static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Processor time of a process in seconds.</summary>
    public static double ProcessorTime(int process)
    {
        using var running = System.Diagnostics.Process.GetProcessById(process);
        return running.TotalProcessorTime.TotalSeconds;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync()
    {
        Owner?.Dispose();
        foreach (var child in Enumerable.Reverse(children)) child.Dispose();
        Directory.Delete(Home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task UntilAsync(string what, Func<Task<bool>> happened, CancellationToken ct)
    {
        for (var tries = 0; tries < 1200; tries++)
        {
            if (children.Find(c => c.HasExited) is { } ended) throw new DemoException($"The {ended.Name} ended by itself.");
            if (await happened()) return;
            await Task.Delay(100, ct);
        }

        throw new DemoException($"{what} did not come within two minutes.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hybrid.sln"))) return folder.FullName;
        }

        throw new DemoException("Run the benchmarks from within the repository.");
    }
}
