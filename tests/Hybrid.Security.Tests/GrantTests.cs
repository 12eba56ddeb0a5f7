using System.Security.Cryptography;
using CsCheck;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Tests;

public sealed class GrantTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectReference Mine = new("archive", "a/1.jpg", null);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly EcPublicJwk jwk;
    private readonly GrantClaims claims = new()
    {
        Issuer = "https://cp", Audience = "agent", Subject = "p", Project = "prj", Task = "tsk", Connection = "archive", Objects = [ObjectDigest.Of(Mine)],
        Act = "work", IssuedAt = Now, ExpiresAt = Now.AddMinutes(10), TokenId = "1", KeyThumbprint = "jkt",
    };

    public GrantTests() => jwk = EcPublicJwk.Of(key);

    public void Dispose() => key.Dispose();

    [Fact]
    public void Read_WhenSignedByATrustedKey_GivesTheClaims() =>
        Assert.Equivalent(claims, GrantClaims.Read(claims.Sign(key, jwk.Thumbprint), Trusted).Value);

    [Fact]
    public void Read_WhenAnyCharacterIsChanged_Refuses()
    {
        var token = claims.Sign(key, jwk.Thumbprint);
        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char.AlphaNumeric).Sample((at, c) =>
            token[at] == c || !GrantClaims.Read(string.Concat(token.AsSpan(0, at), c.ToString(), token.AsSpan(at + 1)), Trusted).IsOk, iter: 500);
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"hybrid-grant+jwt"}""")]
    [InlineData("""{"alg":"HS256","typ":"hybrid-grant+jwt"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","typ":"hybrid-grant+jwt","jku":"https://evil"}""")]
    [InlineData("""{"alg":"ES256","typ":"hybrid-grant+jwt","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256","typ":"hybrid-grant+jwt"}""")]
    public void Read_WhenTheHeaderAsksForAnythingElse_Refuses(string header)
    {
        var parts = claims.Sign(key, jwk.Thumbprint).Split('.');
        var input = $"{Base64UrlStrict.Encode(System.Text.Encoding.UTF8.GetBytes(header))}.{parts[1]}";
        var signature = key.SignData(System.Text.Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256);
        var token = $"{input}.{Base64UrlStrict.Encode(signature)}";

        Assert.Equal("grant.malformed", GrantClaims.Read(token, Trusted).Refusal!.Code);
        Assert.Equal("grant.malformed", GrantClaims.Read($"{input}.", Trusted).Refusal!.Code);
    }

    [Fact]
    public void Checks_WhenAllHolds_FindNothing() => Assert.Null(Refusal(Use()));

    [Fact]
    public void Checks_WhenOneConditionFails_NameIt()
    {
        Assert.Equal("grant.issuer", Refusal(Use() with { Issuer = "https://other" }));
        Assert.Equal("grant.audience", Refusal(Use() with { Audience = "other" }));
        Assert.Equal("grant.expired", Refusal(Use() with { Now = claims.ExpiresAt }));
        Assert.Equal("grant.times", Refusal(Use() with { Now = Now.AddMinutes(-2) }));
        Assert.Equal("grant.times", Refusal(Use() with { Claims = claims with { ExpiresAt = Now.AddMinutes(11) } }));
        Assert.Equal("grant.act", Refusal(Use() with { Claims = claims with { Act = "steal" } }));
        Assert.Equal("grant.act", Refusal(Use() with { Claims = claims with { Task = null } }));
        Assert.Equal("proof.key_mismatch", Refusal(Use() with { ProofThumbprint = "other" }));
        Assert.Equal("grant.object_not_granted", Refusal(Use() with { Objects = [Mine, new ObjectReference("archive", "a/2.jpg", null)] }));
        Assert.Equal("grant.object_not_granted", Refusal(Use() with { Objects = [Mine with { Version = "2" }] }));
    }

    [Fact]
    public void SplitSecret_IsASafelistedWellFormedTag()
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => SplitSecret.New()).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(1000, secrets.Count);
        Assert.All(secrets, s => Assert.Matches("^x-[a-z2-7]{8}-[a-z2-7]{8}-[a-z2-7]{8}-[a-z2-7]{2}$", s));
    }

    [Fact]
    public void KeyStatements_WhenSeveralRotationsWereMissed_LeadFromThePinnedKeyToTheNewest()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256)).ToList();
        var chain = keys.Select((k, i) => KeyStatement.Sign(EcPublicJwk.Of(k), i == 0 ? k : keys[i - 1], Now)).ToList();

        Assert.Equal(4, KeyStatement.Walk(EcPublicJwk.Of(keys[0]).Thumbprint, chain).Value.Count);
        Assert.Equal(3, KeyStatement.Walk(EcPublicJwk.Of(keys[1]).Thumbprint, chain).Value.Count);
        Assert.Equal("key.chain_broken", KeyStatement.Walk("other", chain).Refusal!.Code);
        var intruder = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        chain.Add(KeyStatement.Sign(EcPublicJwk.Of(intruder), intruder, Now));
        Assert.False(KeyStatement.Walk(EcPublicJwk.Of(keys[0]).Thumbprint, chain).Value.ContainsKey(EcPublicJwk.Of(intruder).Thumbprint));
    }

    [Theory]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}""")]
    [InlineData("""{"kty":"EC","crv":"P-384","x":"a","y":"b"}""")]
    [InlineData("""{"kty":"RSA","n":"a","e":"AQAB"}""")]
    [InlineData("[]")]
    public void Jwk_WhenOffTheCurveOrOfAnotherKind_IsRefused(string json) => Assert.False(EcPublicJwk.TryParse(json, out _));

    private static string? Refusal(GrantUse use) => GrantChecks.Standard.FirstRefusal(use)?.Code;

    private GrantUse Use() => new(claims, "https://cp", "agent", "jkt", [Mine], Now);

    private EcPublicJwk? Trusted(string kid) => kid == jwk.Thumbprint ? jwk : null;
}
