using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json;
using Spectre.Console;

namespace Hybrid.Demo;

/// <summary>Builds what is missing, starts control plane and agent, fills a new installation, and ends both with itself.</summary>
internal sealed class Launcher(DemoOptions options) : IAsyncDisposable
{
    // Seconds; a laptop that is busy takes long to start two hosts.
    private const int Patience = 90;

    private readonly string root = FindRoot();
    private readonly List<Child> children = [];

    private Prepared Prepared => new(root);

    private string Home => Path.Combine(options.Data ?? Path.Combine(root, ".demo"), options.Installation);

    private Uri Url => new($"http://localhost:{options.Port}");

    private Uri AgentUrl => new($"http://localhost:{options.Port + 1}");

    public async Task StartAsync(CancellationToken ct)
    {
        RefuseUsedPorts();
        if (options.Reset && Directory.Exists(Home)) Directory.Delete(Home, recursive: true);
        Directory.CreateDirectory(Home);
        var seeded = Path.Combine(Home, "seeded");
        if (!File.Exists(seeded)) ClearBeginnings();
        await StepAsync("Node.js", () => Prepared.CheckNodeAsync(ct));
        await StepAsync("Workspace", () => Prepared.BuildWorkspaceAsync(ct));
        if (options.Folder is null && options.S3 is null) await StepAsync("Pictures", () => Prepared.BringPicturesAsync(Path.Combine(Home, "pictures"), ct));
        var password = Password();
        var isNew = !File.Exists(seeded);
        await StepAsync("Control plane", async () =>
        {
            if (isNew) await CreateOrganizationAsync(ct);
            children.Add(Child.Start("control plane", Path.Combine(Home, "control-plane.log"), "dotnet", [Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane"), "--urls", Url.ToString()], ControlPlaneEnvironment()));
            await HealthyAsync(new Uri(Url, "/health/ready"), ct);
        });
        using var owner = new Browser(Url);
        await owner.SignInAsync(Seed.EmailOf("Olga"), password);
        await StepAsync("Storage agent", () => StartAgentAsync(owner, ct));
        if (options.S3 is not null) await StepAsync("Bucket", () => CheckBucketAsync(ct));
        if (isNew)
        {
            await StepAsync("People, projects, import", () => Seed.RunAsync(owner, password, options.Folder ?? (options.S3 is not null ? $"bucket {options.Bucket}" : null), ct));
            await File.WriteAllTextAsync(seeded, "", ct);
        }

        Show(password);
    }

    public async Task WaitAsync(CancellationToken ct)
    {
        var first = await Task.WhenAny(children.Select(async c =>
        {
            await c.Exited;
            return c;
        })).WaitAsync(ct);
        throw new DemoException($"The {(await first).Name} ended by itself: see the logs in {Home}.");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var child in Enumerable.Reverse(children)) child.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task StepAsync(string name, Func<Task> step)
    {
        if (AnsiConsole.Profile.Capabilities.Interactive) await AnsiConsole.Status().StartAsync(name + " …", _ => step());
        else await step();
        AnsiConsole.MarkupLineInterpolated($"[green]✓[/] {name}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hybrid.sln"))) return folder.FullName;
        }

        throw new DemoException("Run the demonstration from within the repository.");
    }

    // A start that was broken off has made half an installation, in which nobody has worked yet. The pictures are whole and stay.
    private void ClearBeginnings()
    {
        foreach (var file in Directory.GetFiles(Home)) File.Delete(file);
        if (Directory.Exists(Path.Combine(Home, "agent"))) Directory.Delete(Path.Combine(Home, "agent"), recursive: true);
    }

    private void RefuseUsedPorts()
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
        foreach (var port in new[] { options.Port, options.Port + 1 }.Where(used.Contains))
            throw new DemoException($"Port {port} is in use: end the other program, or choose another with --port.");
    }

    private string Password()
    {
        var file = Path.Combine(Home, "password");
        if (!File.Exists(file)) File.WriteAllText(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        return File.ReadAllText(file);
    }

    private Dictionary<string, string> ControlPlaneEnvironment() => new()
    {
        ["HYBRID__PublicUrl"] = Url.ToString(),
        ["HYBRID__Database__ConnectionString"] = $"Data Source={Path.Combine(Home, "hybrid.db")}",
        ["HYBRID__WorkspaceFolder"] = Prepared.WorkspaceFiles,
    };

    private Task<string> CreateOrganizationAsync(CancellationToken ct) => Child.RunAsync(
        "Making the organization", "dotnet",
        [Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane"), "create-organization", "--name", "Demonstration", "--owner-email", Seed.EmailOf("Olga"), "--owner-name", "Olga Owner", "--password-file", Path.Combine(Home, "password")],
        root, ct, ControlPlaneEnvironment());

    private async Task StartAgentAsync(Browser owner, CancellationToken ct)
    {
        var config = Path.Combine(Home, "agent.json");
        var data = Path.Combine(Home, "agent");
        var connection = options.S3 is { } s3
            ? (object)new { name = "pictures", provider = "s3", bucket = options.Bucket, endpoint = s3 }
            : new { name = "pictures", provider = "file", folder = options.Folder ?? Path.Combine(Home, "pictures") };
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new { controlPlane = Url, publicUrl = AgentUrl, listen = AgentUrl, dataDirectory = data, connections = new[] { connection } }), ct);
        var environment = new Dictionary<string, string>();
        if (!File.Exists(Path.Combine(data, "identity.json")))
        {
            var id = (await owner.PostAsync("/api/agents", new { name = "Demonstration agent" })).GetProperty("id").GetGuid();
            environment["HYBRID_AGENT_TOKEN"] = (await owner.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        }

        children.Add(Child.Start("storage agent", Path.Combine(Home, "agent.log"), "dotnet", [Host("storage-agent/Hybrid.StorageAgent", "hybrid-agent"), "run", "--config", config], environment));
        await HealthyAsync(new Uri(AgentUrl, "/health/ready"), ct);
        for (var tries = 0; tries < 10 * Patience; tries++)
        {
            var items = (await owner.GetAsync("/api/agents")).GetProperty("items").EnumerateArray();
            if (items.Any(a => a.GetProperty("online").GetBoolean())) return;
            await Task.Delay(100, ct);
        }

        throw new DemoException($"The storage agent did not link with the control plane within {Patience} seconds: see {Path.Combine(Home, "agent.log")}.");
    }

    // What keeps pictures from the browser (rights, CORS, a wrong clock) is said before anybody looks for them there.
    private async Task CheckBucketAsync(CancellationToken ct)
    {
        try
        {
            await Child.RunAsync("The bucket's check", "dotnet", [Host("storage-agent/Hybrid.StorageAgent", "hybrid-agent"), "check", "--config", Path.Combine(Home, "agent.json")], root, ct);
        }
        catch (ChildFailedException failed)
        {
            var lines = failed.Said.Split('\n').Where(l => l.Contains('✗', StringComparison.Ordinal)).Select(l => l[(l.IndexOf('✗', StringComparison.Ordinal) + 1)..].Trim());
            throw new DemoException(string.Join(Environment.NewLine, lines) is { Length: > 0 } mends ? mends : failed.Message);
        }
    }

    private async Task HealthyAsync(Uri url, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var tries = 0; tries < 10 * Patience; tries++)
        {
            if (children.Find(c => c.HasExited) is { } ended) throw new DemoException($"The {ended.Name} ended by itself: see the logs in {Home}.");
            try
            {
                if ((await http.GetAsync(url, ct)).StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // It is still starting.
            }

            await Task.Delay(100, ct);
        }

        throw new DemoException($"{url} did not answer within {Patience} seconds: see the logs in {Home}.");
    }

    private void Show(string password)
    {
        var table = new Table().AddColumn("Sign in as").AddColumn("Password").AddColumn("Role").RoundedBorder();
        table.AddRow(Seed.EmailOf("Olga"), password, "owner of the organization");
        foreach (var (name, role) in Seed.Everybody) table.AddRow(Seed.EmailOf(name), password, role);
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"Open [bold]{Url}[/]. Ctrl-C ends everything; the data stays in {Home} (--reset begins anew).");
    }

    private string Host(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var file = Path.Combine(root, project, "bin", configuration, "net10.0", assembly + ".dll");
        return File.Exists(file) ? file : throw new DemoException($"{file} was not built: run dotnet build.");
    }
}
