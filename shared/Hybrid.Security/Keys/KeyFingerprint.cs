using System.Text;

namespace Hybrid.Security.Keys;

/// <summary>
/// A key's thumbprint as six pronounceable words, so that two people can compare it by voice. Proquints (D. S. Wilkerson,
/// arXiv:0901.4016): 16 bits a word, so six words tell 96 bits.
/// </summary>
public static class KeyFingerprint
{
    private const string Consonants = "bdfghjklmnprstvz";
    private const string Vowels = "aiou";

    /// <summary>Six words of a base64url thumbprint.</summary>
    /// <exception cref="ArgumentException">Not a thumbprint.</exception>
    public static string Words(string thumbprint)
    {
        if (!Base64UrlStrict.TryDecode(thumbprint, out var bytes) || bytes.Length < 12) throw new ArgumentException("Not a thumbprint.", nameof(thumbprint));
        return string.Join('-', Enumerable.Range(0, 6).Select(i => Word((bytes[2 * i] << 8) | bytes[(2 * i) + 1])));
    }

    private static string Word(int bits) => new StringBuilder(5)
        .Append(Consonants[(bits >> 12) & 15]).Append(Vowels[(bits >> 10) & 3]).Append(Consonants[(bits >> 6) & 15])
        .Append(Vowels[(bits >> 4) & 3]).Append(Consonants[bits & 15]).ToString();
}
