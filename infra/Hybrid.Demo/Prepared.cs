using System.ComponentModel;

namespace Hybrid.Demo;

/// <summary>What must be there before anything starts: Node.js, the built workspace, the pictures. Made once, and again when their sources change.</summary>
internal sealed class Prepared(string root)
{
    private static readonly Version LeastNode = new(20, 19);

    // npm's own codes for "there is no way to the registry".
    private static readonly string[] Unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "ECONNRESET", "npm error network"];

    private string Workspace => Path.Combine(root, "control-plane", "workspace");

    /// <summary>Where the built workspace is.</summary>
    public string WorkspaceFiles => Path.Combine(Workspace, "dist");

    public static async Task CheckNodeAsync(CancellationToken ct)
    {
        string version;
        try
        {
            version = (await Child.RunAsync("Node.js", "node", ["--version"], Directory.GetCurrentDirectory(), ct)).Trim();
        }
        catch (Win32Exception)
        {
            throw new DemoException($"Node.js was not found: install version {LeastNode} or newer.");
        }

        if (!Version.TryParse(version.TrimStart('v'), out var found) || found < LeastNode)
            throw new DemoException($"Node.js {version} is too old: install version {LeastNode} or newer.");
    }

    public async Task BuildWorkspaceAsync(CancellationToken ct)
    {
        var index = Path.Combine(WorkspaceFiles, "index.html");
        if (File.Exists(index) && File.GetLastWriteTimeUtc(index) > NewestSource()) return;
        await InstallAsync("Installing the workspace's packages", Workspace, ct);
        await NpmAsync("Building the workspace", Workspace, ct, "run", "build");
    }

    /// <summary>Copies the photographs of npm packages (NOTICE names their sources) to a folder, one subfolder for each project.</summary>
    public async Task BringPicturesAsync(string target, CancellationToken ct)
    {
        if (Directory.Exists(Path.Combine(target, "earth"))) return;
        var source = Path.Combine(root, "infra", "Hybrid.Demo", "pictures");
        await InstallAsync("Fetching the pictures", source, ct);
        Directory.CreateDirectory(Path.Combine(target, "archive"));
        foreach (var package in Directory.GetDirectories(Path.Combine(source, "node_modules", "@stdlib"), "datasets-img-*"))
        {
            var picture = Path.Combine(package, "data", "image.jpg");
            if (File.Exists(picture)) File.Copy(picture, Path.Combine(target, "archive", Path.GetFileName(package)["datasets-img-".Length..] + ".jpg"), overwrite: true);
        }

        // The last one appears as a whole: its folder says that the pictures are complete.
        var earth = Path.Combine(target, "earth.new");
        Directory.CreateDirectory(earth);
        foreach (var picture in Directory.GetFiles(Path.Combine(source, "node_modules", "three-globe", "example", "img"), "earth-*.jpg")) File.Copy(picture, Path.Combine(earth, Path.GetFileName(picture)), overwrite: true);
        Directory.Move(earth, Path.Combine(target, "earth"));
    }

    private DateTime NewestSource()
    {
        var files = Directory.EnumerateFiles(Workspace).Concat(Directory.EnumerateFiles(Path.Combine(Workspace, "src"), "*", SearchOption.AllDirectories));
        return files.Select(File.GetLastWriteTimeUtc).Max();
    }

    private static async Task InstallAsync(string what, string folder, CancellationToken ct)
    {
        // npm writes this file last: what is newer than the lock is complete.
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"))) return;
        await NpmAsync(what, folder, ct, "ci", "--legacy-peer-deps", "--fetch-retries=1", "--fetch-retry-mintimeout=1000");
    }

    private static async Task NpmAsync(string what, string folder, CancellationToken ct, params string[] arguments)
    {
        try
        {
            await Child.RunAsync(what, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments, folder, ct);
        }
        catch (Win32Exception)
        {
            throw new DemoException("npm was not found beside Node.js: install it, it comes with Node.js from nodejs.org.");
        }
        catch (ChildFailedException failed) when (Unreachable.Any(code => failed.Said.Contains(code, StringComparison.Ordinal)))
        {
            throw new DemoException($"{what} needs the network once: connect this machine, then start again.");
        }
    }
}
