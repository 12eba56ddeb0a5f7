using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CsCheck;
using Hybrid.ServiceDefaults.Redaction;
using Hybrid.ServiceDefaults.Tests.Harness;

namespace Hybrid.ServiceDefaults.Tests.Redaction;

public sealed class RedactorTests
{
    public static TheoryData<string, string> SecretsInEachForm()
    {
        var data = new TheoryData<string, string>();
        foreach (var planted in Planted.All)
        {
            foreach (var form in Planted.Forms.Keys) data.Add(planted.Name, form);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SecretsInEachForm))]
    public void Secret_InEachForm_IsReplacedByItsKind(string name, string form)
    {
        var planted = Planted.All.Single(p => p.Name == name);
        var encoded = Planted.Forms[form](planted.Text);
        var clean = Redactor.Redact($"before\n{encoded}\nafter");
        Assert.StartsWith("before\n", clean, StringComparison.Ordinal);
        Assert.EndsWith("\nafter", clean, StringComparison.Ordinal);
        Assert.Contains(SecretKinds.Marker(planted.Kind), clean, StringComparison.Ordinal);
        Assert.Empty(Planted.LeaksIn(clean, planted.Canary));
    }

    [Theory]
    [MemberData(nameof(SecretsInEachForm))]
    public void Secret_RedactedTwice_StaysAsItIs(string name, string form)
    {
        var once = Redactor.Redact(Planted.Forms[form](Planted.All.Single(p => p.Name == name).Text));
        Assert.Equal(once, Redactor.Redact(once));
    }

    [Theory]
    [InlineData("claimed 0192f0c1-7a3b-7c11-9f00-3b1f2a4c5d6e in 12.5 ms")]
    [InlineData("digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("thumbprint NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")]
    [InlineData("/data/ward-3/IMG_20240101_123456.jpg, logo@2x.png and README.md?")]
    [InlineData("aGVsbG8gd29ybGQ=")]
    [InlineData("aGVsbG8gd29ybGQsIHRoaXMgaXMgb3JkaW5hcnkgdGV4dCBpbiBiYXNlNjQ=")]
    [InlineData("Basic authentication is off; Bearer authentication is on; authorization failed")]
    [InlineData("package@1.2.3 by user@localhost: e=1 h=2 s=short design=4")]
    [InlineData("x-amz-request-id: tx00000f7, Content-Type: application/json, 100%25 of 50%")]
    [InlineData("Linked with http://localhost:5080 at 2026-03-01T12:00:00Z (SELECT \"t\".\"Id\" FROM \"Tasks\" AS \"t\" WHERE \"t\".\"Id\" = @p0)")]
    [InlineData("   at Hybrid.ControlPlane.Features.Tasks.ClaimTask.Handler.Handle(Command command) in /_/control-plane/ClaimTask.cs:line 31\n")]
    public void Text_WithoutSecrets_IsTheSameInstance(string text) => Assert.Same(text, Redactor.Redact(text));

    [Fact]
    public void RandomDigestsAndBytes_AreLeftAlone()
    {
        // A false alarm would hide what an operator needs: none in 20,000 random values, printed the three usual ways.
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = RandomNumberGenerator.GetBytes(48);
            foreach (var text in new[] { Convert.ToBase64String(bytes), Convert.ToHexStringLower(bytes), Hybrid.Security.Keys.Base64UrlStrict.Encode(bytes) }) Assert.Same(text, Redactor.Redact(text));
        }
    }

    [Fact]
    public void NeighboursOfASecret_Stay() => Assert.Equal(
        "GET /objects/ward/a.jpg?e=17&h=4&s=[redacted:url-signature] for [redacted:email], then https://b.example/k?[redacted:url-signature] 200",
        Redactor.Redact($"GET /objects/ward/a.jpg?e=17&h=4&s={new string('A', 43)} for ana@example.org, then https://b.example/k?a=1&X-Amz-Signature=00ff&b=2 200"));

    [Theory]
    [InlineData("Authorization", "anything")]
    [InlineData("http.request.header.cookie", "a=b")]
    [InlineData("QueryString", "?a=b")]
    [InlineData("SecretKey", "anything")]
    public void Value_UnderASecretName_Goes(string name, string value) => Assert.DoesNotContain(value, Redactor.Redact(name, value), StringComparison.Ordinal);

    [Fact]
    public void ControlCharacters_CannotReachATerminal() =>
        Assert.Equal("a\uFFFD[31mred\uFFFD b\tc\nd\uFFFD", Redactor.Redact("a\u001b[31mred\u009b b\tc\nd\u202e"));

    [Fact]
    public void Secret_AmongHostilePieces_IsFoundAllTheSame()
    {
        var pieces = Gen.OneOf(Gen.Char.Where(c => c != '\n').Select(c => c.ToString()), Gen.Int[0, Hostile.Length - 1].Select(i => Hostile[i])).Array[0, 40].Select(p => string.Concat(p));
        Gen.Select(pieces, Gen.Int[0, Planted.All.Count - 1], Gen.Int[0, Planted.Forms.Count - 1], pieces).Sample((before, planted, form, after) =>
        {
            var secret = Planted.All[planted];
            var clean = Redactor.Redact($"{before}\n{Planted.Forms.Values.ElementAt(form)(secret.Text)}\n{after}");
            return Planted.LeaksIn(clean, secret.Canary).Count == 0;
        }, iter: 20_000);
    }

    private static readonly string[] Hostile =
    [
        "eyJ", ".", "x-", "@", "=", ":", "://", "?", "%25", "%3D", "\\u0026", "&amp;", "sig", "\"", "[", "\\", "hya1.", "hyk1_", "Bearer ", "Authorization", "YW5hQGV4YW1wbGUub3Jn", "[redacted:", "]", "aaaaaaaaaaaaaaaaaaaaaaaa",
    ];

    [Theory]
    [InlineData("eyJ")]
    [InlineData("eyJ.")]
    [InlineData("eyJaaaaaaaaaaaa.")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("a@b.c")]
    [InlineData("://")]
    [InlineData("http://a")]
    [InlineData("u:p@//")]
    [InlineData("=")]
    [InlineData("pwd=\"\\")]
    [InlineData("sig=")]
    [InlineData("a:")]
    [InlineData("hya1.")]
    [InlineData("Basic ")]
    [InlineData("basic aaaaaaaaaa")]
    [InlineData("AWS4-HMAC-SHA256 ")]
    [InlineData("-----BEGIN ")]
    [InlineData("-----BEGIN PRIVATE KEY")]
    [InlineData("%25")]
    [InlineData("%2540")]
    [InlineData("\\u0040")]
    [InlineData("x-")]
    [InlineData("x-amz-")]
    [InlineData("YW5hQGV4")]
    [InlineData("ZXlKZXlKZXlK")]
    [InlineData("LGEsYSxhLGEs")]
    [InlineData("%59W5h")]
    [InlineData("[a,")]
    [InlineData("\"'\\")]
    [InlineData("\u001b")]
    public void HostileText_OfAMegabyte_TakesLinearTime(string piece)
    {
        string Of(int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length + 1))[..length];
        Redactor.Redact(Of(4096));
        var small = Best(Of(1 << 17));
        var large = Best(Of(1 << 20));
        // Eight times the text: quadratic work would take sixty-four times as long. Generous for a busy machine, and bounded outright.
        Assert.True(large < small * 24 + TimeSpan.FromMilliseconds(50), $"{piece}: {small.TotalMilliseconds:0.0} ms for 128 KiB, {large.TotalMilliseconds:0.0} ms for 1 MiB");
        Assert.True(large < TimeSpan.FromSeconds(3), $"{piece}: {large.TotalMilliseconds:0} ms");
    }

    private static TimeSpan Best(string text)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = ThreadTime();
            Redactor.Redact(text);
            var took = ThreadTime() - started;
            if (took < best) best = took;
        }

        return best;
    }

    // What this thread has computed: a busy machine stretches the clock on the wall, not this.
    private static TimeSpan ThreadTime()
    {
        Assert.Equal(0, clock_gettime(3, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
