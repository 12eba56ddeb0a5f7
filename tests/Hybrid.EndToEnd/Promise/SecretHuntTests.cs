using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hybrid.EndToEnd.Promise;

/// <summary>The search finds what is there, in every form; else a clean result would mean nothing.</summary>
public sealed class SecretHuntTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(48);

    public static TheoryData<string> Forms => [.. Written.Keys];

    private static readonly Dictionary<string, Func<byte[], byte[]>> Written = new()
    {
        ["raw"] = s => s,
        ["first half"] = s => s[..24],
        ["second half"] = s => s[24..],
        ["base64"] = s => Text(Convert.ToBase64String(s)),
        ["base64, one byte in"] = s => Text(Convert.ToBase64String([7, .. s])),
        ["base64, two bytes in"] = s => Text(Convert.ToBase64String([7, 9, .. s, 1])),
        ["base64url"] = s => Text(Convert.ToBase64String(s).Replace('+', '-').Replace('/', '_').TrimEnd('=')),
        ["base64 in JSON"] = s => JsonSerializer.SerializeToUtf8Bytes(new { blob = Convert.ToBase64String(s) }),
        ["base64 in a query"] = s => Text(Uri.EscapeDataString(Convert.ToBase64String(s))),
        ["hex"] = s => Text(Convert.ToHexStringLower(s)),
        ["HEX"] = s => Text(Convert.ToHexString(s)),
        ["percent"] = s => Text(string.Concat(s.Select(b => $"%{b:X2}"))),
        ["percent, lower case"] = s => Text(string.Concat(s.Select(b => $"%{b:x2}"))),
        ["a .NET string of base64"] = s => Encoding.Unicode.GetBytes(Convert.ToBase64String(s)),
        ["a .NET string of Latin-1"] = s => Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(s)),
        ["UTF-8 of Latin-1"] = s => Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(s)),
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_WhenASecretStandsInAnyForm_FindsIt(string form)
    {
        var hunt = new SecretHunt();
        hunt.Add("secret", Secret);
        Assert.NotEmpty(hunt.Search("here", [.. RandomNumberGenerator.GetBytes(1000), .. Written[form](Secret), .. RandomNumberGenerator.GetBytes(1000)]));
        Assert.Empty(hunt.Search("here", [.. RandomNumberGenerator.GetBytes(1000), .. Written[form](RandomNumberGenerator.GetBytes(48)), .. RandomNumberGenerator.GetBytes(1000)]));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw-deflate")]
    [InlineData("br")]
    public void Everything_WhenASecretIsCompressedTwice_ShowsIt(string encoding)
    {
        var hunt = new SecretHunt();
        hunt.Add("secret", Secret);
        byte[] plain = [.. "before "u8, .. Secret, .. " after"u8];
        var packed = Compress("gzip", Compress(encoding, plain));
        Assert.Contains(Inflation.Everything(packed), p => hunt.Search("here", p).Count > 0);
    }

    [Fact]
    public void SearchFile_WhenTheSecretStandsAcrossASeam_FindsIt()
    {
        var hunt = new SecretHunt();
        hunt.Add("secret", Secret);
        var file = Path.GetTempFileName();
        try
        {
            using (var stream = File.OpenWrite(file))
            {
                stream.Position = 16 * 1024 * 1024 - 20;
                stream.Write(Secret);
                stream.Position += 1000;
                stream.WriteByte(0);
            }

            Assert.NotEmpty(hunt.SearchFile("file", file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Payloads_WhenBodiesAreChunkedCompressedOrMasked_ShowTheirContent()
    {
        var body = Compress("br", JsonSerializer.SerializeToUtf8Bytes(new { x = Convert.ToBase64String(Secret), y = Convert.ToBase64String(Secret) }));
        var chunked = (byte[])[.. Text($"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n{5:x}\r\n"), .. body[..5], .. Text($"\r\n{body.Length - 5:x}\r\n"), .. body[5..], .. "\r\n0\r\n\r\n"u8];
        byte[] mask = [1, 2, 3, 4];
        var masked = Secret.Select((b, i) => (byte)(b ^ mask[i & 3])).ToArray();
        var socket = (byte[])[.. "GET /agent/v1/link HTTP/1.1\r\nSec-WebSocket-Key: x\r\n\r\n"u8, 0x82, (byte)(0x80 | masked.Length), .. mask, .. masked];
        var hunt = new SecretHunt();
        hunt.Add("secret", Secret);

        Assert.Empty(hunt.Search("raw", chunked));
        Assert.Empty(hunt.Search("raw", socket));
        Assert.NotEmpty(hunt.Search("payload", Conversation.Payloads([.. "HTTP/1.1 204 No Content\r\n\r\n"u8, .. chunked]).Single()));
        Assert.NotEmpty(hunt.Search("payload", Conversation.Payloads(socket).Single()));
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "raw-deflate" => new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true),
        }) packing.Write(bytes);
        return packed.ToArray();
    }
}
