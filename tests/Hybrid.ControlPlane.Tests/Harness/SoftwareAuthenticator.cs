using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>
/// An authenticator with its browser, in a few lines (W3C Web Authentication Level 3 § 6): makes real attestations ("none") and real assertions by ES256. Every
/// property can be set to what an honest pair would never say.
/// </summary>
public sealed class SoftwareAuthenticator(string origin) : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte AttestedData = 0x40;

    public ECDsa Key { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    public string UserHandle { get; set; } = "";

    public string Origin { get; set; } = origin;

    public bool CrossOrigin { get; set; }

    /// <summary>What the device hashes; null = what the page asked for.</summary>
    public string? RelyingParty { get; set; }

    /// <summary>Whether it asks for a finger, a face or a PIN.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>Signatures so far; a device that does not count stays at 0.</summary>
    public uint Count { get; set; }

    public bool Counts { get; set; } = true;

    /// <summary>Makes a passkey.</summary>
    public object Make(JsonElement options)
    {
        UserHandle = options.GetProperty("user").GetProperty("id").GetString()!;
        var point = Key.ExportParameters(false).Q;
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] length = [(byte)(CredentialId.Length >> 8), (byte)CredentialId.Length];
        byte[] data = [.. Data(RelyingParty ?? options.GetProperty("rp").GetProperty("id").GetString()!, AttestedData), .. new byte[16], .. length, .. CredentialId, .. cose];
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        return Credential(new { clientDataJSON = Encode(ClientData("webauthn.create", options)), attestationObject = Encode(attestation), transports = new[] { "internal" } });
    }

    /// <summary>Answers a question.</summary>
    public object Answer(JsonElement options)
    {
        var data = Data(RelyingParty ?? options.GetProperty("rpId").GetString()!, 0);
        var client = ClientData("webauthn.get", options);
        var signature = Key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new { clientDataJSON = Encode(client), authenticatorData = Encode(data), signature = Encode(signature), userHandle = UserHandle });
    }

    public void Dispose() => Key.Dispose();

    private object Credential(object response) => new { id = Encode(CredentialId), rawId = Encode(CredentialId), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response };

    private byte[] ClientData(string type, JsonElement options) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = CrossOrigin });

    private byte[] Data(string relyingParty, byte flags)
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Counts ? ++Count : 0);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty)), (byte)(flags | UserPresent | (Verifies ? UserVerified : 0)), .. count];
    }

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
