using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
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

    private static readonly string[] NoPages = ["api", "agent", "health", "openapi", "metrics", "asset", "assets"];

    /// <summary>Serves the built files before authorization: they are public, and deny-by-default would refuse what has no route.</summary>
    public static void UseWorkspaceFiles(this WebApplication app, string? folder)
    {
        folder = FolderOf(folder);
        var index = Path.Combine(folder, "index.html");
        if (File.Exists(index))
        {
            app.UseWhen(context => context.Request.Path != "/sw.js", files => files.UseResponseCompression().UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(folder),
                // File names carry a digest of their content, but for the few at the root.
                OnPrepareResponse = c => c.Context.Response.Headers.CacheControl =
                    c.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache",
            }));
        }

        // Every address that is no route shows the page, which finds its way by itself. Not a route of its own: one that takes any path
        // would stand beside all others, and routing would never answer 405 or 415.
        app.UseWhen(IsPage, pages => pages.Run(context =>
        {
            if (!File.Exists(index)) return ResultToHttp.ToProblem(NotBuilt).ExecuteAsync(context);
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.PhysicalFile(index, "text/html", lastModified: File.GetLastWriteTimeUtc(index)).ExecuteAsync(context);
        }));
    }

    private static bool IsPage(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && context.GetEndpoint() is null
        // What has an extension is a file of the build, or nothing.
        && !Path.HasExtension(context.Request.Path.Value) && !NoPages.Any(p => context.Request.Path.StartsWithSegments("/" + p));

    public static void MapWorkspace(this WebApplication app, string? folder)
    {
        folder = FolderOf(folder);
        // Bytes of assets never come from here: /asset/… is answered by the service worker, or not at all.
        app.Map("/asset/{**rest}", () => ResultToHttp.ToProblem(AssetWithoutWorker)).OpenToAll("says only that the worker is missing").ChangesNothing("always answers the same problem").ExcludeFromDescription();
        if (!File.Exists(Path.Combine(folder, "index.html"))) return;
        var connect = File.ReadAllText(Path.Combine(folder, "connect.html"));
        app.MapGet("/connect/{agentId:guid}", (HttpContext context, Guid agentId, WorkerPolicy policy, CancellationToken ct) => Connect(context, agentId, policy, connect, ct))
            .OpenToAll("without a session of the agent's organization it names nobody and connects nowhere").ExcludeFromDescription();
        var worker = File.ReadAllText(Path.Combine(folder, "sw.js"));
        app.MapGet("/sw.js", (HttpContext context, WorkerPolicy policy, CancellationToken ct) => Worker(context, policy, worker, ct))
            .OpenToAll("without a session the script connects nowhere").ExcludeFromDescription();
    }

    // The only page that may talk to an agent: it has the browser ask for the permission that a worker cannot ask for (security.md § 5).
    private static async Task<IResult> Connect(HttpContext context, Guid agentId, WorkerPolicy policy, string page, CancellationToken ct)
    {
        var origins = await policy.OfAgentAsync(context.User, agentId, ct);
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PagePolicyWith(origins);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(page.Replace("{{origins}}", HtmlEncoder.Default.Encode(string.Join(' ', origins)), StringComparison.Ordinal), "text/html", Encoding.UTF8);
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
        await using var scope = await TenantScope.OpenAsync(db, Guid.Parse(organization), null, ct);
        return await WithinAsync(ct);
    }

    /// <summary>The origins of one agent and its storage; none for those who are not of its organization, or when it was revoked.</summary>
    public async Task<IReadOnlyList<string>> OfAgentAsync(System.Security.Claims.ClaimsPrincipal principal, Guid agentId, CancellationToken ct)
    {
        if (principal.Identity?.IsAuthenticated != true || !Guid.TryParse(principal.FindFirst(SessionClaims.Organization)?.Value, out var organization)) return [];
        await using var scope = await TenantScope.OpenAsync(db, organization, null, ct);
        var agent = await db.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.Id == agentId && a.RevokedAt == null, ct);
        if (agent is null) return [];
        var storage = await db.Connections.AsNoTracking().Where(c => c.AgentId == agentId && c.RemovedAt == null).Select(c => c.StorageOrigin).ToListAsync(ct);
        return Sorted([.. agent.Url is { } url ? new[] { url } : [], .. storage]);
    }

    /// <summary>The origins of the organization whose scope is open.</summary>
    public async Task<(string Version, IReadOnlyList<string> Origins)> WithinAsync(CancellationToken ct)
    {
        var agents = await db.Agents.AsNoTracking()
            .Where(a => a.RevokedAt == null && a.Url != null).Select(a => a.Url!).ToListAsync(ct);
        var storage = await db.Connections.AsNoTracking()
            .Where(c => c.RemovedAt == null).Select(c => c.StorageOrigin).ToListAsync(ct);
        var origins = Sorted([.. agents, .. storage]);
        return (Digest(origins), origins);
    }

    private static List<string> Sorted(IEnumerable<string> urls) => [.. urls.Select(Origin).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // An agent's word goes into a header: only a plain http(s) origin passes.
    private static string? Origin(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "https" or "http") ? uri.GetLeftPart(UriPartial.Authority) : null;

    private static string Digest(IReadOnlyList<string> origins) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', origins))))[..16];
}
