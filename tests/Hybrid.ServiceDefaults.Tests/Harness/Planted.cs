using System.Text;
using System.Text.RegularExpressions;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using Hybrid.ServiceDefaults.Redaction;

namespace Hybrid.ServiceDefaults.Tests.Harness;

/// <summary>A secret in its natural surroundings.</summary>
/// <param name="Name">Names the test case.</param>
/// <param name="Kind">The kind that its marker must name.</param>
/// <param name="Text">The text that holds it.</param>
/// <param name="Canary">The part that nobody may read.</param>
public sealed partial record Planted(string Name, string Kind, string Text, string Canary)
{
    public static readonly IReadOnlyList<Planted> All =
    [
        new("s3 url", SecretKinds.UrlSignature, $"https://b.s3.example/ward/a.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature={C(1)}", C(1)),
        new("s3 query", SecretKinds.UrlSignature, $"/ward/a.jpg?X-Amz-Expires=60&X-Amz-Credential={C(2)}/20260301/eu/s3/aws4_request&a=1", C(2)),
        new("s3 token", SecretKinds.UrlSignature, $"{{\"X-Amz-Security-Token\":\"{C(3)}\",\"a\":1}}", C(3)),
        new("gcs query", SecretKinds.UrlSignature, $"?X-Goog-Algorithm=GOOG4&X-Goog-Signature={C(4)}&X-Goog-Date=1", C(4)),
        new("azure sas", SecretKinds.UrlSignature, $"?sv=2026-04-06&sr=b&sig={C(5)}%2Bab%3D&se=2026", C(5)),
        new("file url", SecretKinds.UrlSignature, $"/objects/ward/a%20b.jpg?e=1&h=2&s={C(6)}{new string('B', 23)}", C(6)),
        new("authorization", SecretKinds.Authorization, $"Authorization: Basic {C(7)}==", C(7)),
        new("authorization in json", SecretKinds.Authorization, $"{{\"authorization\": \"Bearer {C(8)}\"}}", C(8)),
        new("bearer behind a name", SecretKinds.Secret, $"secret = Bearer {C(26)}", C(26)),
        new("header behind a name", SecretKinds.Secret, $"secret = DPoP: {C(27)}", C(27)),
        new("bearer alone", SecretKinds.Authorization, $"sent Bearer {C(9)} to it", C(9)),
        new("aws header", SecretKinds.Authorization, $"AWS4-HMAC-SHA256 Credential=AKIA/{C(10)}, SignedHeaders=host, Signature={C(10)}", C(10)),
        new("dpop", SecretKinds.Proof, $"DPoP: {C(11)}", C(11)),
        new("pair", SecretKinds.Authorization, $"[Authorization, {C(12)}]", C(12)),
        new("session cookie", SecretKinds.Cookie, $"a=b; __Host-hybrid={C(13)}; c=d", C(13)),
        new("demonstration cookie", SecretKinds.Cookie, $"hybrid-demonstration={C(14)}", C(14)),
        new("cookie header", SecretKinds.Cookie, $"Cookie: theme=dark; other={C(15)}", C(15)),
        new("jws", SecretKinds.Token, $"grant eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJh.{C(16)} was", C(16)),
        new("jwe", SecretKinds.Token, $"eyJhbGciOiJFQ0RILUVTIn0..{C(17)}.{C(17)}.tag", C(17)),
        new("enrolment token", SecretKinds.EnrolmentToken, $"enrol --token {new EnrolmentTokenText(Guid.Parse("0192f0c1-7a3b-7c11-9f00-3b1f2a4c5d6e"), C(18) + new string('A', 23), new string('B', 43))}", C(18)),
        new("api key", SecretKinds.ApiKey, $"Bearer-less hyk1_0a1b2c3d_{C(28)}0123456789abcdef", C(28)),
        new("split secret", SecretKinds.SplitSecret, "Content-Language: x-abcdefgh-ijklmnop-qrstuvwx-yz", "ijklmnop-qrstuvwx"),
        new("aws secret key", SecretKinds.Secret, $"aws_secret_access_key = {C(19)}/+x", C(19)),
        new("account key", SecretKinds.Secret, $"AccountName=a;AccountKey={C(20)}==;EndpointSuffix=b", C(20)),
        new("password", SecretKinds.Secret, $"Host=db;Username=hybrid;Password={C(21)};Pooling=true", C(21)),
        new("url login", SecretKinds.Secret, $"postgres://hybrid:{C(22)}@db/hybrid", C(22)),
        new("private key", SecretKinds.PrivateKey, $"-----BEGIN EC PRIVATE KEY-----\n{C(23)}\n-----END EC PRIVATE KEY-----", C(23)),
        new("email", SecretKinds.Email, "written by ada.lovelace+work@example.org, reviewed", "lovelace"),
    ];

    /// <summary>The forms in which a secret may be written.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string, string>> Forms = new Dictionary<string, Func<string, string>>
    {
        ["plain"] = t => t,
        ["percent"] = Uri.EscapeDataString,
        ["percent twice"] = t => Uri.EscapeDataString(Uri.EscapeDataString(t)),
        ["percent, every byte"] = t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => $"%{b:x2}")),
        ["json"] = t => System.Text.Json.JsonSerializer.Serialize(t),
        ["json in json"] = t => System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonSerializer.Serialize(new { t })),
        ["base64"] = t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t)),
        ["base64, one byte later"] = t => "data/" + Convert.ToBase64String(Encoding.UTF8.GetBytes(" " + t)),
        ["base64, two bytes later"] = t => Convert.ToBase64String(Encoding.UTF8.GetBytes("  " + t)),
        ["base64url"] = t => Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(t)),
        ["base64 of percent"] = t => Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(t))),
        ["percent of base64"] = t => Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(t))),
    };

    // Each its own, so that a leak tells whose it is; 20 characters.
    private static string C(int number) => $"c4n4ry{number:00}w8e9r0t1y2u3";

    /// <summary>Where a text still shows a canary: as it is, under percent or JSON escapes, in base64.</summary>
    public static IReadOnlyList<string> LeaksIn(string text, string canary)
    {
        var leaks = new List<string>();
        var layer = text;
        for (var i = 0; i < 4; i++)
        {
            if (layer.Contains(canary, StringComparison.OrdinalIgnoreCase)) leaks.Add($"in the clear after {i} layers: {Around(layer, canary)}");
            // Ends of the canary's base64 differ with what stands beside it; its middle does not.
            for (var shift = 0; shift < 3; shift++)
            {
                var middle = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', shift) + canary))[4..^4];
                if (layer.Contains(middle, StringComparison.Ordinal)) leaks.Add($"in base64 after {i} layers: {Around(layer, middle)}");
            }

            layer = JsonEscape().Replace(Uri.UnescapeDataString(layer), e => ((char)Convert.ToInt32(e.Groups[1].Value, 16)).ToString());
        }

        return leaks;
    }

    [GeneratedRegex(@"\\\\?u([0-9a-fA-F]{4})")]
    private static partial Regex JsonEscape();

    private static string Around(string text, string found)
    {
        var at = text.IndexOf(found, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 60)];
    }
}
