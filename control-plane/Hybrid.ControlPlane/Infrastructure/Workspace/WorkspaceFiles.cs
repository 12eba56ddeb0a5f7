using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;

namespace Hybrid.ControlPlane.Infrastructure.Workspace;

/// <summary>Serves the built workspace: pages under one policy, and a service worker made for the session's organization.</summary>
internal static class WorkspaceFiles
{
    private static readonly Error AssetWithoutWorker = new(
        ErrorKind.AgentUnreachable, "asset.worker_missing", "The page is not yet connected to its service worker.",
        "Your work is saved. Load the page again normally (without Shift), and the picture comes from storage.");

    private static readonly Error NotBuilt = new(
        ErrorKind.AgentUnreachable, "workspace.not_built", "The workspace was not built into this installation.",
        "Nothing is lost. Build it (npm ci, npm run build in control-plane/workspace) and start again.");

    /// <summary>Compresses scripts and styles of the build, which hold nothing secret; answers of the API are never compressed.</summary>
    public static IServiceCollection AddWorkspaceFiles(this IServiceCollection services) => services.AddResponseCompression(o =>
    {
        o.EnableForHttps = true;
        o.MimeTypes = ["text/javascript", "text/css", "image/svg+xml"];
    });

    private static string FolderOf(string? configured) => Path.GetFullPath(configured ?? Path.Combine(AppContext.BaseDirectory, "workspace"));

    /// <summary>Serves the built files before authorization: they are public, and deny-by-default would refuse what has no route.</summary>
    public static void UseWorkspaceFiles(this WebApplication app, string? folder)
    {
        folder = FolderOf(folder);
        if (!File.Exists(Path.Combine(folder, "index.html"))) return;
        var built = new PhysicalFileProvider(folder);
        app.UseWhen(context => context.Request.Path != "/sw.js", files => files.UseResponseCompression().UseDefaultFiles(new DefaultFilesOptions { FileProvider = built }).UseStaticFiles(new StaticFileOptions
        {
            FileProvider = built,
            // File names carry a digest of their content, but for the few at the root.
            OnPrepareResponse = c => c.Context.Response.Headers.CacheControl =
                c.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache",
        }));
    }

    public static void MapWorkspace(this WebApplication app, string? folder)
    {
        folder = FolderOf(folder);
        // Bytes of assets never come from here: /asset/… is answered by the service worker, or not at all.
        app.Map("/asset/{**rest}", () => ResultToHttp.ToProblem(AssetWithoutWorker)).OpenToAll("says only that the worker is missing").ExcludeFromDescription();
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            app.MapFallback("{*path:regex(^(?!(api|agent|health|openapi|metrics)(/|$)).*)}", () => ResultToHttp.ToProblem(NotBuilt)).OpenToAll("says only that the workspace is missing");
            return;
        }

        var worker = File.ReadAllText(Path.Combine(folder, "sw.js"));
        app.MapGet("/sw.js", (HttpContext context, WorkerPolicy policy, CancellationToken ct) => Worker(context, policy, worker, ct))
            .OpenToAll("without a session the script connects nowhere").ExcludeFromDescription();
        app.MapFallbackToFile("{*path:regex(^(?!(api|agent|health|openapi|metrics|asset|assets)(/|$)).*)}", "index.html", new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = "no-cache",
        }).OpenToAll("the page itself holds nothing");
    }

    private static async Task<IResult> Worker(HttpContext context, WorkerPolicy policy, string script, CancellationToken ct)
    {
        var (version, origins) = await policy.OfAsync(context.User, ct);
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; connect-src 'self'{string.Concat(origins.Select(o => " " + o))}; require-trusted-types-for 'script'";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Service-Worker-Allowed"] = "/";
        var first = $"self.__HYBRID = {JsonSerializer.Serialize(new { version, connect = origins }, JsonSerializerOptions.Web)};\n";
        return Results.Text(first + script, "text/javascript", Encoding.UTF8);
    }
}

/// <summary>
/// Which origins an organization's worker may talk to, and a digest of them. A browser keeps the old policy when only the header
/// changes, so the digest stands in the script's bytes.
/// </summary>
internal sealed class WorkerPolicy(ControlPlaneDb db)
{
    public async Task<(string Version, IReadOnlyList<string> Origins)> OfAsync(System.Security.Claims.ClaimsPrincipal principal, CancellationToken ct)
    {
        var organization = principal.FindFirst(SessionClaims.Organization)?.Value;
        if (principal.Identity?.IsAuthenticated != true || organization is null) return (Digest([]), []);
        return await OfAsync(Guid.Parse(organization), ct);
    }

    public async Task<(string Version, IReadOnlyList<string> Origins)> OfAsync(Guid organization, CancellationToken ct)
    {
        var agents = await db.Agents.IgnoreQueryFilters().AsNoTracking()
            .Where(a => a.OrganizationId == organization && a.RevokedAt == null && a.Url != null).Select(a => a.Url!).ToListAsync(ct);
        var storage = await db.Connections.IgnoreQueryFilters().AsNoTracking()
            .Where(c => c.OrganizationId == organization && c.RemovedAt == null).Select(c => c.StorageOrigin).ToListAsync(ct);
        var origins = agents.Concat(storage).Select(Origin).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return (Digest(origins), origins);
    }

    // An agent's word goes into a header: only a plain http(s) origin passes.
    private static string? Origin(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "https" or "http") ? uri.GetLeftPart(UriPartial.Authority) : null;

    private static string Digest(IReadOnlyList<string> origins) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', origins))))[..16];
}
