using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.Benchmarks.Running;
using Hybrid.Security.Keys;

namespace Hybrid.Benchmarks.Agents.Signing;

/// <summary>
/// The cryptography that no agent can leave out for one request: two signatures verified (the grant's key is at hand, the proof's comes
/// with it), a hash and an HMAC for each URL, a signature over the answer, a key agreement and AES-GCM over it. No JSON, no network, no disk.
/// </summary>
internal sealed class CryptoFloor(SignTown town)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>Requests for each second of processor time of one thread.</summary>
    public double Measure(SignRequest request, int objects, int core)
    {
        var rate = 0.0;
        var thread = new Thread(() =>
        {
            Cores.BindThread(core);
            rate = Run(request, objects);
        });
        thread.Start();
        thread.Join();
        return rate;
    }

    private double Run(SignRequest request, int objects)
    {
        using var grantKey = town.GrantKey.ToEcdsa();
        using var hmac = new HMACSHA256(new byte[32]);
        var (grantInput, grantSignature) = Parts(request.Grant);
        var (proofInput, proofSignature) = Parts(request.Proof);
        var browser = Embedded(request.Proof);
        // What a canonical request of S3, its string to sign and an answer measure.
        var (canonical, toSign) = (new byte[420], new byte[150]);
        var answer = new byte[250 + (objects * 780)];
        var (cipher, tag, nonce, digest) = (new byte[answer.Length * 4 / 3], new byte[16], new byte[12], new byte[32]);
        var plain = new byte[cipher.Length];

        void Once()
        {
            if (!grantKey.VerifyData(grantInput, grantSignature, HashAlgorithmName.SHA256)) throw new CryptographicException("The grant is not signed.");
            using (var proofKey = browser.ToEcdsa())
            {
                if (!proofKey.VerifyData(proofInput, proofSignature, HashAlgorithmName.SHA256)) throw new CryptographicException("The proof is not signed.");
            }

            for (var i = 0; i < objects; i++)
            {
                SHA256.HashData(canonical, digest);
                hmac.TryComputeHash(toSign, digest, out _);
            }

            town.AgentKey.SignData(answer, HashAlgorithmName.SHA256);
            using var recipient = town.SealingKey.ToEcdh();
            using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            using var recipientKey = recipient.PublicKey;
            using var gcm = new AesGcm(ephemeral.DeriveKeyFromHash(recipientKey, HashAlgorithmName.SHA256), 16);
            RandomNumberGenerator.Fill(nonce);
            gcm.Encrypt(nonce, plain, cipher, tag);
        }

        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(1);) Once();
        var (began, used, count) = (Stopwatch.GetTimestamp(), Cores.Used(Environment.ProcessId), 0);
        for (; Stopwatch.GetElapsedTime(began) < Duration; count++) Once();
        return count / (Cores.Used(Environment.ProcessId) - used).TotalSeconds;
    }

    private static (byte[] Input, byte[] Signature) Parts(string jws)
    {
        var dot = jws.LastIndexOf('.');
        return (Encoding.ASCII.GetBytes(jws[..dot]), Base64Url.DecodeFromChars(jws.AsSpan(dot + 1)));
    }

    private static EcPublicJwk Embedded(string jws) =>
        EcPublicJwk.TryRead(JsonElement.Parse(Base64Url.DecodeFromChars(jws.AsSpan(0, jws.IndexOf('.')))).GetProperty("jwk"), out var key) ? key : throw new InvalidOperationException("The proof carries no key.");
}
