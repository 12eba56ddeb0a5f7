using System.Security.Cryptography;

namespace Hybrid.Security.Grants;

/// <summary>
/// The half of a URL that is not in the URL (security.md § 4): the value of the <c>Content-Language</c> request header, which costs
/// no preflight since it is CORS-safelisted. 128 fresh random bits as a well-formed private-use language tag (RFC 5646 § 2.2.7).
/// </summary>
public static class SplitSecret
{
    /// <summary>The header's name.</summary>
    public const string Header = "Content-Language";

    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>A new secret: <c>x-</c> and 26 characters in groups of at most 8.</summary>
    public static string New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        Span<char> text = stackalloc char[31];
        "x-".CopyTo(text);
        int at = 2, bits = 0, held = 0, next = 0;
        for (var i = 0; i < 26; i++)
        {
            if (i is 8 or 16 or 24) text[at++] = '-';
            if (bits < 5)
            {
                held = (held << 8) | (next < random.Length ? random[next++] : 0);
                bits += 8;
            }

            bits -= 5;
            text[at++] = Base32[(held >> bits) & 31];
            held &= (1 << bits) - 1;
        }

        return new string(text);
    }
}
