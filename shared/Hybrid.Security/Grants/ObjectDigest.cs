using System.Buffers;
using System.Security.Cryptography;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Grants;

/// <summary>Digests of object references, so that grants carry no object names.</summary>
public static class ObjectDigest
{
    /// <summary>SHA-256 of the RFC 8785 array <c>[connection, key, version or null]</c>, base64url.</summary>
    public static string Of(ObjectReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var text = new ArrayBufferWriter<byte>(256);
        Write(text, reference);
        return Digest(text);
    }

    /// <summary>A proof's <c>odh</c>: the same over the array of all references.</summary>
    public static string OfAll(IEnumerable<ObjectReference> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        var text = new ArrayBufferWriter<byte>(4096);
        text.Write("["u8);
        foreach (var reference in references)
        {
            if (text.WrittenCount > 1) text.Write(","u8);
            Write(text, reference);
        }

        text.Write("]"u8);
        return Digest(text);
    }

    private static void Write(ArrayBufferWriter<byte> text, ObjectReference reference)
    {
        text.Write("["u8);
        CanonicalJson.WriteText(text, reference.Connection);
        text.Write(","u8);
        CanonicalJson.WriteText(text, reference.Key);
        text.Write(","u8);
        if (reference.Version is { } version) CanonicalJson.WriteText(text, version);
        else text.Write("null"u8);
        text.Write("]"u8);
    }

    private static string Digest(ArrayBufferWriter<byte> text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, digest);
        return Base64UrlStrict.Encode(digest);
    }
}
