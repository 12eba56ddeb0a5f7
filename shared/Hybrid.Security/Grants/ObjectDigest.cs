using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Grants;

/// <summary>Digests of object references, so that grants carry no object names.</summary>
public static class ObjectDigest
{
    /// <summary>SHA-256 of the RFC 8785 array <c>[connection, key, version or null]</c>, base64url.</summary>
    public static string Of(ObjectReference reference) => Digest(JsonSerializer.SerializeToElement(reference));

    /// <summary>A proof's <c>odh</c>: the same over the array of all references.</summary>
    public static string OfAll(IEnumerable<ObjectReference> references) => Digest(JsonSerializer.SerializeToElement(references.ToArray()));

    private static string Digest(JsonElement element) => Base64UrlStrict.Encode(SHA256.HashData(CanonicalJson.Serialize(element)));
}
