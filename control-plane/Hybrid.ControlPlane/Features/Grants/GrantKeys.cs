using System.Security.Cryptography;
using Hybrid.ControlPlane.Domain.Grants;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Keys;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>The installation's grant keys: private halves encrypted by Data Protection, public halves in a chain of statements.</summary>
internal sealed class GrantKeys(ControlPlaneDb db, IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("hybrid.grant-key");

    /// <summary>The newest key, made at the first use; the caller disposes it.</summary>
    public async Task<(ECDsa Key, string KeyId)> CurrentAsync(CancellationToken ct)
    {
        var newest = await db.GrantKeys.AsNoTracking().OrderByDescending(k => k.Sequence).FirstOrDefaultAsync(ct) ?? await AppendAsync(ct);
        return (Open(newest), newest.KeyId);
    }

    /// <summary>The chain of statements, oldest first.</summary>
    public async Task<IReadOnlyList<string>> StatementsAsync(CancellationToken ct)
    {
        var statements = await db.GrantKeys.AsNoTracking().OrderBy(k => k.Sequence).Select(k => k.Statement).ToListAsync(ct);
        return statements.Count > 0 ? statements : [(await AppendAsync(ct)).Statement];
    }

    /// <summary>Makes the next key, announced by the one before it.</summary>
    public async Task<GrantKey> AppendAsync(CancellationToken ct)
    {
        var newest = await db.GrantKeys.AsNoTracking().OrderByDescending(k => k.Sequence).FirstOrDefaultAsync(ct);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = newest is null ? null : Open(newest);
        var jwk = EcPublicJwk.Of(key);
        var now = clock.GetUtcNow();
        var row = GrantKey.Create(jwk.Thumbprint, (newest?.Sequence ?? 0) + 1, protector.Protect(key.ExportPkcs8PrivateKey()), KeyStatement.Sign(jwk, signer ?? key, now), now);
        db.GrantKeys.Add(row);
        try
        {
            await db.SaveChangesAsync(ct);
            return row;
        }
        catch (DbUpdateException) when (newest is null)
        {
            // Two replicas met at the very first start: the other one's key stands.
            db.Entry(row).State = EntityState.Detached;
            return await db.GrantKeys.AsNoTracking().OrderByDescending(k => k.Sequence).FirstAsync(ct);
        }
    }

    private ECDsa Open(GrantKey row)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(protector.Unprotect(row.ProtectedKey), out _);
        return key;
    }
}
