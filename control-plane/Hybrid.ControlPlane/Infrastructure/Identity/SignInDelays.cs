using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>
/// Growing pauses after wrong passwords and codes, in the database, so that every replica counts alike. Counted apart are: an account from devices
/// that it does not know, each device that it knows (so that strangers' tries never make its owner wait there), and each network address.
/// A try is counted before it is judged and given back when it was right: a thousand at once gain nothing.
/// </summary>
internal sealed class SignInDelays(ControlPlaneDb db, KnownDevices devices, ILookupNormalizer normalizer, TimeProvider clock, IHttpContextAccessor http)
{
    /// <summary>So many tries of an account cost no pause.</summary>
    public const int FreeTries = 5;

    /// <summary>So many of a network address: behind one there can be a whole clinic.</summary>
    public const int FreeTriesOfAddress = 20;

    /// <summary>No pause is longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>An account's count is forgotten after so long without a try.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    private static readonly TimeSpan AddressForgotten = TimeSpan.FromHours(1);

    /// <summary>Counts a try that begins; outside every transaction, so that it counts whatever becomes of the request.</summary>
    /// <param name="what">What is tried: <c>password</c>, <c>factor</c>.</param>
    /// <param name="email">Of the account, which need not exist.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The try, or the refusal when it comes too early: the same for every account, known or not.</returns>
    public async Task<(SignInTry? Try, Error? Refusal)> BeginAsync(string what, string email, CancellationToken ct)
    {
        var account = normalizer.NormalizeEmail(email.Trim());
        var device = devices.Presented;
        var known = device is not null && await devices.KnowsAsync(device, account, ct);
        var ofAccount = Key(known ? $"{what}|device|{Convert.ToHexString(device!)}|{account}" : $"{what}|account|{account}");
        // The owner's own device does not wait for what others do behind the same address.
        var ofAddress = known ? null : KeyOfAddress(what);
        // The address first: who must wait anyway does not make anybody else's account wait longer.
        if (ofAddress is not null && await ReserveAsync(ofAddress, FreeTriesOfAddress, AddressForgotten, ct) is { } early) return (null, early);
        return await ReserveAsync(ofAccount, FreeTries, Forgotten, ct) is { } refusal ? (null, refusal) : (new SignInTry(ofAccount, ofAddress), null);
    }

    /// <summary>Counts something that is never right or wrong, by its network address alone.</summary>
    public async Task<Error?> CountAsync(string what, CancellationToken ct) =>
        KeyOfAddress(what) is { } address ? await ReserveAsync(address, FreeTriesOfAddress, AddressForgotten, ct) : null;

    /// <summary>The try was right: the account's row goes, and the address gets this one try back.</summary>
    public async Task SucceededAsync(SignInTry made, CancellationToken ct)
    {
        await db.SignInDelays.Where(d => d.KeyHash == made.Account).ExecuteDeleteAsync(ct);
        if (made.Address is { } address) await db.SignInDelays.Where(d => d.KeyHash == address && d.Failures > 0).ExecuteUpdateAsync(d => d.SetProperty(x => x.Failures, x => x.Failures - 1), ct);
    }

    // One statement: of many at once each takes a number of its own, and those within a pause take none. A pause that is longer than any can be
    // comes from a clock that was set back.
    private async Task<Error?> ReserveAsync(byte[] key, int free, TimeSpan forgotten, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var old = now - (long)forgotten.TotalMilliseconds;
        var cap = (long)Longest.TotalMilliseconds;
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            insert into sign_in_delays (key_hash, failures, last_at, not_before) values ({key}, 1, {now}, 0)
            on conflict (key_hash) do update set
              failures = case when sign_in_delays.last_at < {old} then 1 else sign_in_delays.failures + 1 end,
              last_at = {now},
              not_before = case
                when sign_in_delays.last_at < {old} or sign_in_delays.failures + 1 < {free} then 0
                when sign_in_delays.failures + 1 - {free} >= 10 then {now} + {cap}
                else {now} + 1000 * (1 << (sign_in_delays.failures + 1 - {free})) end
            where sign_in_delays.not_before <= {now} or sign_in_delays.not_before > {now} + {cap}
            """, ct);
        if (taken == 1) return null;
        var until = await db.SignInDelays.AsNoTracking().Where(d => d.KeyHash == key).Select(d => (long?)d.NotBefore).SingleOrDefaultAsync(ct) ?? now;
        var seconds = (int)Math.Max(1, Math.Ceiling((until - now) / 1000.0));
        http.HttpContext?.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new Error(
            ErrorKind.Limited, "session.too_many_tries", "Too many wrong tries.",
            $"Wait {seconds} seconds, then try again. Each further wrong try makes the pause longer, up to {(int)Longest.TotalMinutes} minutes; a browser in which you have signed in before is not held up by others.");
    }

    // Loopback is a proxy of this machine that TrustedProxies does not name, or a demonstration: there everybody has one address.
    private byte[]? KeyOfAddress(string what)
    {
        if (http.HttpContext?.Connection.RemoteIpAddress is not { } address) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return null;
        // One subscriber has at least a /64 of IPv6.
        var text = address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
        return Key($"{what}|address|{text}");
    }

    private static byte[] Key(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>A try that was counted.</summary>
/// <param name="Account">The account's (or its device's) row.</param>
/// <param name="Address">The network address' row; null where it is not counted.</param>
internal sealed record SignInTry(byte[] Account, byte[]? Address);

/// <summary>Forgets what is too old to count.</summary>
internal sealed partial class SignInDelayWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SignInDelayWorker> logger) : StepWorker(TimeSpan.FromMinutes(10))
{
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var old = (clock.GetUtcNow() - SignInDelays.Forgotten).ToUnixTimeMilliseconds();
        await scope.ServiceProvider.GetRequiredService<ControlPlaneDb>().SignInDelays.Where(d => d.LastAt < old).ExecuteDeleteAsync(ct);
        return false;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    [LoggerMessage(1450, LogLevel.Warning, "Old counts of wrong tries could not be cleared up ({Kind}); it is tried again")]
    private partial void StepFailed(string kind);
}
