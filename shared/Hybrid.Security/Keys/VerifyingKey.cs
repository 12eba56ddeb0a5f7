using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Hybrid.Security.Keys;

/// <summary>A trusted public key that checks one signature after another: importing it costs as much as a check, so it is imported once for each that go on at a time.</summary>
/// <param name="key">The key.</param>
public sealed class VerifyingKey(EcPublicJwk key) : IDisposable
{
    private readonly ConcurrentBag<ECDsa> atRest = [];

    /// <summary>The key itself.</summary>
    public EcPublicJwk Key => key;

    /// <summary>Checks a signature.</summary>
    public bool Verifies(CompactJws jws)
    {
        ArgumentNullException.ThrowIfNull(jws);
        var mine = atRest.TryTake(out var rested) ? rested : key.ToEcdsa();
        var signed = jws.IsSignedBy(mine);
        atRest.Add(mine);
        return signed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (atRest.TryTake(out var rested)) rested.Dispose();
    }
}
