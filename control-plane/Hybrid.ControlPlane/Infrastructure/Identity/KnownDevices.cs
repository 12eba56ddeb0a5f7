using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>
/// Browsers in which a person has signed in with everything that their account asks for. Being known lets nobody in: it only keeps strangers' wrong
/// tries apart from the owner's (<see cref="SignInDelays"/>).
/// </summary>
internal sealed class KnownDevices(ControlPlaneDb db, ControlPlaneOptions options, IHttpContextAccessor http, TimeProvider clock)
{
    private const int Most = 20;

    // What browsers keep at most.
    private static readonly TimeSpan Life = TimeSpan.FromDays(400);

    private bool Secure => options.PublicUrl.Scheme == Uri.UriSchemeHttps;

    private string Name => Secure ? "__Host-known-device" : "known-device";

    /// <summary>Digest of the cookie that the browser presents; null without one.</summary>
    public byte[]? Presented => http.HttpContext?.Request.Cookies[Name] is { Length: > 0 and <= 100 } value ? SessionStore.Hash(value) : null;

    /// <summary>Whether the account of an address knows the device.</summary>
    public Task<bool> KnowsAsync(byte[] device, string normalizedEmail, CancellationToken ct) =>
        db.KnownDevices.AnyAsync(d => d.TokenHash == device && db.Users.Any(p => p.Id == d.PersonId && p.NormalizedEmail == normalizedEmail), ct);

    /// <summary>Remembers this browser for a person who has just come in, in the open transaction.</summary>
    public async Task RememberAsync(Guid personId, CancellationToken ct)
    {
        var hash = Presented;
        // Only a value of our own making counts; one that is known for another person of the same browser serves both.
        if (hash is null || !await db.KnownDevices.AnyAsync(d => d.TokenHash == hash, ct))
        {
            var token = SessionStore.NewToken();
            hash = SessionStore.Hash(token);
            http.HttpContext!.Response.Cookies.Append(Name, token, new CookieOptions { HttpOnly = true, Secure = Secure, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = Life, IsEssential = true });
        }

        await db.Database.ExecuteSqlRawAsync(
            "insert into known_devices (person_id, token_hash, last_used_at) values ({0}, {1}, {2}) on conflict (person_id, token_hash) do update set last_used_at = excluded.last_used_at", [personId, hash, db.AsKept(clock.GetUtcNow())], ct);
        var oldest = await db.KnownDevices.Where(d => d.PersonId == personId).OrderByDescending(d => d.LastUsedAt).Select(d => d.TokenHash).Skip(Most).ToListAsync(ct);
        if (oldest.Count > 0) await db.KnownDevices.Where(d => d.PersonId == personId && oldest.Contains(d.TokenHash)).ExecuteDeleteAsync(ct);
    }
}
