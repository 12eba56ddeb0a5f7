using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Sealing;

/// <summary>
/// Makes a compact JWE by <c>ECDH-ES</c> and <c>A256GCM</c> (RFC 7516 § 5.1, RFC 7518 § 4.6 and § 5.3), and no other. A library makes the
/// same in several copies of the whole text; an agent does it for every request. Libraries open it, here and in the browser.
/// </summary>
internal static class SealedText
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBits = 256;

    /// <summary>Encrypts an ASCII text, e.g. a JWS, to a key.</summary>
    /// <param name="text">The content.</param>
    /// <param name="recipient">Who can open it.</param>
    /// <param name="party">Value of <c>apv</c>: binds the key to one request.</param>
    public static string Make(string text, EcPublicJwk recipient, byte[] party)
    {
        // 1. A key of this one answer.
        using var to = recipient.ToEcdh();
        using var toPublic = to.PublicKey;
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = Derive(ephemeral.DeriveRawSecretAgreement(toPublic), party);

        // 2. The header; its very characters are authenticated.
        var header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
            $$"""{"alg":"ECDH-ES","enc":"A256GCM","epk":{{EcPublicJwk.Of(ephemeral)}},"cty":"JWT","apv":"{{Base64Url.EncodeToString(party)}}"}"""));

        // 3. The content.
        var content = new byte[text.Length];
        Encoding.ASCII.GetBytes(text, content);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> tag = stackalloc byte[TagBytes];
        RandomNumberGenerator.Fill(nonce);
        using (var gcm = new AesGcm(key, TagBytes)) gcm.Encrypt(nonce, content, content, tag, Encoding.ASCII.GetBytes(header));
        CryptographicOperations.ZeroMemory(key);

        // 4. Header, no encrypted key, nonce, content, tag.
        var length = header.Length + 2 + Base64Url.GetEncodedLength(NonceBytes) + 1 + Base64Url.GetEncodedLength(content.Length) + 1 + Base64Url.GetEncodedLength(TagBytes);
        return string.Create(length, new Parts(header, nonce, content, tag), static (into, parts) =>
        {
            parts.Header.CopyTo(into);
            var at = parts.Header.Length;
            into[at++] = '.';
            at = Put(into, at, parts.Nonce);
            at = Put(into, at, parts.Content);
            Put(into, at, parts.Tag);
        });
    }

    private static int Put(Span<char> into, int at, ReadOnlySpan<byte> bytes)
    {
        into[at++] = '.';
        return at + Base64Url.EncodeToChars(bytes, into[at..]);
    }

    // NIST SP 800-56A § 5.8.1, one round: its hash is as long as the key (RFC 7518 § 4.6.2).
    private static byte[] Derive(byte[] secret, byte[] party)
    {
        var enc = "A256GCM"u8;
        var input = new byte[4 + secret.Length + 4 + enc.Length + 4 + 4 + party.Length + 4];
        var rest = input.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(rest, 1);
        secret.CopyTo(rest[4..]);
        rest = rest[(4 + secret.Length)..];
        BinaryPrimitives.WriteInt32BigEndian(rest, enc.Length);
        enc.CopyTo(rest[4..]);
        // Nobody is named as the sender: the length of nothing is zero.
        rest = rest[(4 + enc.Length + 4)..];
        BinaryPrimitives.WriteInt32BigEndian(rest, party.Length);
        party.CopyTo(rest[4..]);
        BinaryPrimitives.WriteInt32BigEndian(rest[(4 + party.Length)..], KeyBits);
        var key = SHA256.HashData(input);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private readonly ref struct Parts(ReadOnlySpan<char> header, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content, ReadOnlySpan<byte> tag)
    {
        public ReadOnlySpan<char> Header { get; } = header;

        public ReadOnlySpan<byte> Nonce { get; } = nonce;

        public ReadOnlySpan<byte> Content { get; } = content;

        public ReadOnlySpan<byte> Tag { get; } = tag;
    }
}
