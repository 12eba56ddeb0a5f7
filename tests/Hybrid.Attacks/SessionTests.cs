using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;

namespace Hybrid.Attacks;

/// <summary>Sessions that an attacker prepares, copies or proves with a confused token; members that a body smuggles in.</summary>
[Collection("attacks")] // One after the other: they watch how long answers take, and what the log gains.
public sealed class SessionTests(AttackedTown shared)
{
    private readonly ControlPlaneHost host = shared.Host;
    private readonly Town town = shared.Town;

    [Fact]
    public async Task ACookieThatWasPlanted_IsNotTheSessionAfterSignIn()
    {
        var (attacker, victim) = (await PersonAsync(), await PersonAsync());
        using var planted = await host.SignInAsync(attacker);
        var cookie = CookieOf(planted);
        using var browser = new BrowserSession(host);
        browser.Cookies.Add(host.Url, new Cookie(cookie.Name, cookie.Value, "/"));

        await browser.SignInAsync(victim, ControlPlaneHost.Password);

        Assert.NotEqual(cookie.Value, CookieOf(browser).Value);
        Assert.NotEqual(planted.SessionId, browser.SessionId);
        // What the attacker holds is still the attacker, and made-up cookies are nobody.
        using var thief = new BrowserSession(host);
        thief.Cookies.Add(host.Url, new Cookie(cookie.Name, cookie.Value, "/"));
        using var answer = await thief.Http.GetAsync("/api/session", TestContext.Current.CancellationToken);
        if (answer.IsSuccessStatusCode) Assert.Equal(planted.PersonId, JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("person").GetProperty("id").GetGuid());
        foreach (var made in (string[])["x", new string('A', 200), browser.SessionId.ToString(), cookie.Value[..^2] + "AA"])
        {
            using var guesser = new BrowserSession(host);
            guesser.Cookies.Add(host.Url, new Cookie(cookie.Name, made, "/"));
            Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.Http.GetAsync("/api/session", TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Fact]
    public async Task ProofsOfAnotherKind_UnlockNothing()
    {
        using var browser = new BrowserSession(host);
        await browser.BeginAsync(await PersonAsync(), ControlPlaneHost.Password);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var expected = new ProofExpectation("POST", new Uri(host.Url, "/api/session/unlock").ToString()) { SessionId = browser.SessionId.ToString() };
        var honest = ProofReader.Sign(browser.Key, expected, host.Clock.GetUtcNow()).Split('.');
        var header = Encoding.UTF8.GetString(Base64Url.Decode(honest[0]));
        var jwk = EcPublicJwk.Of(browser.Key).ToString()!;
        string Forge(string head, Func<byte[], byte[]> sign)
        {
            var input = $"{Base64Url.Encode(Encoding.UTF8.GetBytes(head))}.{honest[1]}";
            return $"{input}.{Base64Url.Encode(sign(Encoding.ASCII.GetBytes(input)))}";
        }

        byte[] Own(byte[] input) => browser.Key.SignData(input, HashAlgorithmName.SHA256);
        string With(string member) => header.Insert(1, member + ",");
        (string Name, string Token)[] forged =
        [
            ("no signature", $"{honest[0]}.{honest[1]}."),
            ("alg none", Forge(header.Replace("ES256", "none", StringComparison.Ordinal), _ => [])),
            ("alg None", Forge(header.Replace("ES256", "None", StringComparison.Ordinal), Own)),
            ("public key as shared secret", Forge(header.Replace("ES256", "HS256", StringComparison.Ordinal), input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(jwk), input))),
            ("another's key embedded", ProofReader.Sign(other, expected, host.Clock.GetUtcNow())),
            ("another's signature", Forge(header, input => other.SignData(input, HashAlgorithmName.SHA256))),
            ("zero signature", Forge(header, _ => new byte[64])),
            ("DER signature", Forge(header, input => browser.Key.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))),
            ("jku", Forge(With("\"jku\":\"https://evil.example/keys\""), Own)),
            ("x5u", Forge(With("\"x5u\":\"https://evil.example/cert\""), Own)),
            // What names another key is no way to have it looked for: the embedded one alone counts.
            ("kid that climbs", Forge(With("\"kid\":\"../../../../dev/null\""), _ => new byte[64])),
            ("kid that asks", Forge(With("\"kid\":\"x' union select 'key'--\""), input => other.SignData(input, HashAlgorithmName.SHA256))),
            ("kid of another", Forge(With($"\"kid\":\"{EcPublicJwk.Of(other).Thumbprint}\""), input => other.SignData(input, HashAlgorithmName.SHA256))),
            ("crit", Forge(With("\"crit\":[\"exp\"]"), Own)),
            ("alg twice", Forge(With("\"alg\":\"none\""), Own)),
            ("another type", Forge(header.Replace("\"typ\":\"", "\"typ\":\"x-", StringComparison.Ordinal), Own)),
        ];
        foreach (var (name, token) in forged)
        {
            // A forgery that changed nothing would prove nothing.
            Assert.True(name.Contains("signature", StringComparison.Ordinal) || token.Split('.')[0] != honest[0], name);
            using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session/unlock", new { proof = token });
            Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{name}: {(int)answer.StatusCode}");
            Assert.True((await browser.GetAsync("/api/session")).GetProperty("locked").GetBoolean(), name);
        }

        await BrowserSession.OkAsync(await browser.UnlockAsync(browser.Key));
    }

    [Fact]
    public async Task SmuggledMembers_GiveNothing()
    {
        var foreign = Guid.NewGuid();
        var smuggled = new Dictionary<string, object?>
        {
            ["id"] = foreign, ["organizationId"] = foreign, ["OrganizationId"] = foreign, ["projectId"] = foreign, ["personId"] = town.Owner.PersonId, ["organizationRole"] = "owner", ["isServiceAccount"] = true,
            ["mfaLevel"] = 2, ["emailConfirmed"] = true, ["twoFactorEnabled"] = true, ["createdBy"] = town.Owner.PersonId, ["by"] = town.Owner.PersonId, ["status"] = "done", ["version"] = 99, ["__proto__"] = new { role = "owner" },
        };
        Dictionary<string, object?> And(params (string, object?)[] own) => smuggled.Concat(own.Select(o => KeyValuePair.Create(o.Item1, o.Item2))).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value);
        var before = (await town.Ana.GetAsync("/api/session")).GetProperty("organization").ToString();

        using var language = await town.Ana.SendAsync(HttpMethod.Put, "/api/profile/language", And(("language", "en"), ("role", "owner"), ("email", "evil@example.org"), ("displayName", "Evil")));
        using var password = await town.Ana.SendAsync(HttpMethod.Post, "/api/profile/password", And(("current", ControlPlaneHost.Password), ("new", ControlPlaneHost.Password), ("role", "owner")));
        var email = $"{Guid.NewGuid():N}@example.org";
        using var added = await town.Owner.SendAsync(HttpMethod.Post, "/api/people", And(("email", email), ("name", "Smuggled"), ("role", "member"), ("password", ControlPlaneHost.Password)));
        using var project = await town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/anonymization", And(("on", false), ("name", "Smuggled"), ("deletedAt", "2020-01-01T00:00:00Z")));

        Assert.All([language, password, added, project], a => Assert.True((int)a.StatusCode < 500, a.ToString()));
        Assert.Equal(before, (await town.Ana.GetAsync("/api/session")).GetProperty("organization").ToString());
        await town.Ana.SendAsync(HttpMethod.Get, "/api/people").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        Assert.NotEqual("Smuggled", (await town.Owner.GetAsync($"/api/projects/{town.Project}")).GetProperty("name").GetString());
        if (added.IsSuccessStatusCode)
        {
            var made = (await town.Owner.GetAsync("/api/people?search=Smuggled")).GetProperty("items").EnumerateArray().Single();
            Assert.Equal("member", made.GetProperty("role").GetString());
            Assert.NotEqual(foreign, made.GetProperty("person").GetProperty("id").GetGuid());
        }

        Assert.DoesNotContain(await host.AuditAsync(), e => e.OrganizationId == foreign);
    }

    private async Task<string> PersonAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        await town.Owner.PostAsync("/api/people", new { email, name = "Person", role = "member", password = ControlPlaneHost.Password });
        return email;
    }

    private Cookie CookieOf(BrowserSession browser) => browser.Cookies.GetCookies(host.Url).Single(c => c.Name.Contains("hybrid", StringComparison.OrdinalIgnoreCase));

    private static class Base64Url
    {
        public static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

        public static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
    }
}
