using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpNet;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds, one step of tolerance) and recovery codes. Each is taken once.</summary>
internal sealed class SecondFactor(ControlPlaneDb db, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How many recovery codes a person gets.</summary>
    public const int RecoveryCodes = 10;

    // As people type them, with blanks and hyphens.
    private const int MaxLength = 100;
    private const int SeedBytes = 20;
    private const int CodeBytes = 10;
    private readonly IDataProtector protector = protection.CreateProtector("hybrid.authenticator-seed");

    /// <summary>A new seed, in base 32 as apps want it, and the form in which it is kept.</summary>
    public (string Seed, string Kept) NewSeed()
    {
        var seed = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SeedBytes));
        return (seed, protector.Protect(seed));
    }

    /// <summary>Takes the first code of a seed that is not in use yet; from then on that code is used up.</summary>
    public async Task<bool> TakeFirstAsync(Guid personId, string kept, string code, CancellationToken ct)
    {
        if (StepOf(kept, code) is not { } step) return false;
        await TakeStepAsync(personId, step, ct);
        return true;
    }

    /// <summary>Takes a code of the person's authenticator, or one of their recovery codes.</summary>
    /// <returns>False for a wrong one and for one that was taken before.</returns>
    public async Task<bool> TakeAsync(Person person, string? code, CancellationToken ct)
    {
        if (code is not { Length: > 0 and <= MaxLength }) return false;
        var plain = Plain(code);
        if (plain.Length == 6)
        {
            return person.AuthenticatorSeed is not null && StepOf(person.AuthenticatorSeed, plain) is { } step && await TakeStepAsync(person.Id, step, ct);
        }

        var hash = Hash(plain);
        var now = clock.GetUtcNow();
        return await db.RecoveryCodes.Where(c => c.PersonId == person.Id && c.Hash == hash && c.UsedAt == null).ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), ct) == 1;
    }

    /// <summary>Ten new recovery codes in place of all before; their texts are given out once.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(Guid personId, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.PersonId == personId).ExecuteDeleteAsync(ct);
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(CodeBytes)).ToLowerInvariant()).ToList();
        db.RecoveryCodes.AddRange(codes.Select(c => new RecoveryCode { Id = Guid.CreateVersion7(clock.GetUtcNow()), PersonId = personId, Hash = Hash(c) }));
        return [.. codes.Select(c => string.Join('-', c.Chunk(4).Select(part => new string(part))))];
    }

    // One statement: of two requests with the same code one comes through. No other write of the row touches the step (see its mapping).
    private async Task<bool> TakeStepAsync(Guid personId, long step, CancellationToken ct) =>
        await db.Users.Where(p => p.Id == personId && (p.AuthenticatorStep == null || p.AuthenticatorStep < step)).ExecuteUpdateAsync(p => p.SetProperty(x => x.AuthenticatorStep, step), ct) == 1;

    private long? StepOf(string kept, string code)
    {
        var totp = new Totp(Base32Encoding.ToBytes(protector.Unprotect(kept)));
        return totp.VerifyTotp(clock.GetUtcNow().UtcDateTime, Plain(code), out var step, new VerificationWindow(previous: 1, future: 1)) ? step : null;
    }

    private static string Plain(string code) => new([.. code.Where(c => !char.IsWhiteSpace(c) && c != '-').Select(char.ToLowerInvariant)]);

    private static byte[] Hash(string plain) => SHA256.HashData(Encoding.UTF8.GetBytes(plain));
}
