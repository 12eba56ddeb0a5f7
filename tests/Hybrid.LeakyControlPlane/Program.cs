using System.Diagnostics;
using System.IO.Compression;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

// The control plane, put together as in its own program, with one thing more: a leak. It exists so that the search for the promise can
// be seen to fail; nothing of it is in the product. GET /api/leak?place=P leaks the bytes of the file P in the folder LEAK_FOLDER.
var builder = WebApplication.CreateBuilder(args);
if (!builder.TryAddControlPlane(out var mistakes)) throw new InvalidOperationException(string.Join(' ', mistakes));
var app = builder.Build();
if (await app.PrepareDatabaseAsync() is { } refusal) throw new InvalidOperationException(refusal);
app.UseControlPlane();
app.MapGet("/api/leak", async (string place, ControlPlaneDb db, ILoggerFactory logs) =>
{
    var secret = await File.ReadAllBytesAsync(Path.Combine(Environment.GetEnvironmentVariable("LEAK_FOLDER")!, place));
    switch (place)
    {
        case "wire":
            return Results.Ok(new { picture = Convert.ToBase64String(secret) });
        case "database":
            await db.Database.ExecuteSqlAsync($"update projects set description = {Convert.ToHexString(secret)}");
            break;
        case "database-compressed":
            using (var packed = new MemoryStream())
            {
                await using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) await deflate.WriteAsync(Convert.FromBase64String(Convert.ToBase64String(secret)));
                await db.Database.ExecuteSqlAsync($"update agents set pseudonym_key = {packed.ToArray()}");
            }

            break;
        case "log":
            Leak.Log(logs.CreateLogger("Hybrid.Leak"), Uri.EscapeDataString(Convert.ToBase64String(secret)));
            break;
        case "traces":
            // A source and a name that the redaction at the sink has no reason to touch.
            Activity.Current?.SetTag("picture", Convert.ToHexStringLower(secret));
            break;
        case "memory":
            Leak.Kept = secret;
            return Results.NoContent();
        default:
            return Results.BadRequest();
    }

    Array.Clear(secret);
    return Results.NoContent();
}).OpenToAll("a test's leak").ExcludeFromDescription();
await app.RunAsync();

internal static partial class Leak
{
    public static byte[]? Kept { get; set; }

    [LoggerMessage(9999, LogLevel.Information, "Leaked {Bytes}")]
    public static partial void Log(ILogger logger, string bytes);
}
