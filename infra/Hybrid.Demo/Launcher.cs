using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json;
using Spectre.Console;

namespace Hybrid.Demo;

/// <summary>Builds what is missing, starts control plane and agent, fills a new installation, and ends both with itself.</summary>
internal sealed class Launcher(DemoOptions options) : IAsyncDisposable
{
    private readonly string root = FindRoot();
    private readonly List<Child> children = [];

    private string Home => Path.Combine(root, ".demo");

    private Uri Url => new($"http://localhost:{options.Port}");

    private Uri AgentUrl => new($"http://localhost:{options.Port + 1}");

    private string WorkspaceFolder => Path.Combine(root, "control-plane", "workspace");

    public async Task StartAsync(CancellationToken ct)
    {
        RefuseUsedPorts();
        if (options.Reset && Directory.Exists(Home)) Directory.Delete(Home, recursive: true);
        Directory.CreateDirectory(Home);
        await StepAsync("Node.js", CheckNodeAsync);
        await StepAsync("Workspace", BuildWorkspaceAsync);
        if (options.Folder is null && options.S3 is null) await StepAsync("Pictures", BringPicturesAsync);
        var password = Password();
        var isNew = !File.Exists(Path.Combine(Home, "seeded"));
        await StepAsync("Control plane", async () =>
        {
            if (isNew && !File.Exists(Path.Combine(Home, "hybrid.db"))) await CreateOrganizationAsync();
            children.Add(Child.Start("control plane", Path.Combine(Home, "control-plane.log"), "dotnet", [Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane"), "--urls", Url.ToString()], ControlPlaneEnvironment()));
            await HealthyAsync(new Uri(Url, "/health/ready"), ct);
        });
        using var owner = new Browser(Url);
        await owner.SignInAsync(Seed.EmailOf("Olga"), password);
        await StepAsync("Storage agent", () => StartAgentAsync(owner, ct));
        if (isNew)
        {
            await StepAsync("People, projects, import", () => Seed.RunAsync(owner, password, options.Folder is not null || options.S3 is not null));
            await File.WriteAllTextAsync(Path.Combine(Home, "seeded"), "", ct);
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
        throw new DemoException($"The {(await first).Name} ended by itself: see the logs in .demo.");
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

    private void RefuseUsedPorts()
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
        foreach (var port in new[] { options.Port, options.Port + 1 }.Where(used.Contains))
            throw new DemoException($"Port {port} is in use: end the other program, or choose another with --port.");
    }

    private static async Task CheckNodeAsync()
    {
        string version;
        try
        {
            version = (await Child.RunAsync("Node.js", "node", ["--version"], Directory.GetCurrentDirectory())).Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new DemoException("Node.js was not found: install version 20.19 or newer.");
        }

        if (!Version.TryParse(version.TrimStart('v'), out var found) || found < new Version(20, 19))
            throw new DemoException($"Node.js {version} is too old: install version 20.19 or newer.");
    }

    private async Task BuildWorkspaceAsync()
    {
        var stamp = Path.Combine(Home, "workspace.stamp");
        var digest = Digest(WorkspaceFolder, ["package-lock.json", "index.html", "vite.config.ts", "src"]);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == digest && File.Exists(Path.Combine(WorkspaceFolder, "dist", "index.html"))) return;
        await NpmAsync("Installing the workspace's packages", WorkspaceFolder, "ci");
        await NpmAsync("Building the workspace", WorkspaceFolder, "run", "build");
        await File.WriteAllTextAsync(stamp, digest);
    }

    private async Task BringPicturesAsync()
    {
        var target = Path.Combine(Home, "pictures");
        if (Directory.Exists(Path.Combine(target, "earth"))) return;
        var source = Path.Combine(root, "infra", "Hybrid.Demo", "pictures");
        await NpmAsync("Fetching the pictures", source, "ci", "--legacy-peer-deps");
        Directory.CreateDirectory(Path.Combine(target, "archive"));
        foreach (var package in Directory.GetDirectories(Path.Combine(source, "node_modules", "@stdlib"), "datasets-img-*"))
        {
            var picture = Path.Combine(package, "data", "image.jpg");
            if (File.Exists(picture)) File.Copy(picture, Path.Combine(target, "archive", Path.GetFileName(package)["datasets-img-".Length..] + ".jpg"), overwrite: true);
        }

        var earth = Path.Combine(target, "earth.new");
        Directory.CreateDirectory(earth);
        foreach (var picture in Directory.GetFiles(Path.Combine(source, "node_modules", "three-globe", "example", "img"), "earth-*.jpg")) File.Copy(picture, Path.Combine(earth, Path.GetFileName(picture)), overwrite: true);
        Directory.Move(earth, Path.Combine(target, "earth"));
    }

    private static async Task NpmAsync(string what, string folder, params string[] arguments)
    {
        try
        {
            await Child.RunAsync(what, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments, folder);
        }
        catch (DemoException failed) when (failed.Message.Contains("ENOTFOUND", StringComparison.Ordinal) || failed.Message.Contains("EAI_AGAIN", StringComparison.Ordinal) || failed.Message.Contains("ECONNREFUSED", StringComparison.Ordinal))
        {
            throw new DemoException($"{what} needs the network once: connect this machine, then start again.");
        }
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
        ["HYBRID__WorkspaceFolder"] = Path.Combine(WorkspaceFolder, "dist"),
    };

    private Task<string> CreateOrganizationAsync() => Child.RunAsync(
        "Making the organization", "dotnet",
        [Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane"), "create-organization", "--name", "Demonstration", "--owner-email", Seed.EmailOf("Olga"), "--owner-name", "Olga Owner", "--password-file", Path.Combine(Home, "password")],
        root, ControlPlaneEnvironment());

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
        for (var tries = 0; tries < 300; tries++)
        {
            var items = (await owner.GetAsync("/api/agents")).GetProperty("items").EnumerateArray();
            if (items.Any(a => a.GetProperty("online").GetBoolean())) return;
            await Task.Delay(100, ct);
        }

        throw new DemoException("The storage agent did not link with the control plane within 30 seconds: see .demo/agent.log.");
    }

    private async Task HealthyAsync(Uri url, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var tries = 0; tries < 300; tries++)
        {
            if (children.Find(c => c.HasExited) is { } ended) throw new DemoException($"The {ended.Name} ended by itself: see the logs in .demo.");
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

        throw new DemoException($"{url} did not answer within 30 seconds: see the logs in .demo.");
    }

    private void Show(string password)
    {
        var table = new Table().AddColumn("Sign in as").AddColumn("Password").AddColumn("Role").RoundedBorder();
        table.AddRow(Seed.EmailOf("Olga"), password, "owner of the organization");
        foreach (var (name, role) in Seed.Everybody) table.AddRow(Seed.EmailOf(name), password, role);
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"Open [bold]{Url}[/]. Ctrl-C ends everything; the data stays in .demo (--reset begins anew).");
    }

    private string Host(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var file = Path.Combine(root, project, "bin", configuration, "net10.0", assembly + ".dll");
        return File.Exists(file) ? file : throw new DemoException($"{file} was not built: run dotnet build.");
    }

    private static string Digest(string folder, IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in parts.Select(p => Path.Combine(folder, p)).SelectMany(p => Directory.Exists(p) ? Directory.GetFiles(p, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray() : [p]).Where(File.Exists))
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
