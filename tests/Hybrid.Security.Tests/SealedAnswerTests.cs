using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using Hybrid.Security.Sealing;
using Hybrid.Testing;
using Jose;

namespace Hybrid.Security.Tests;

public sealed class SealedAnswerTests : IDisposable
{
    private readonly ECDsa agent = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDiffieHellman browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly UrlAnswer answer = new("jti-1", "ath-1", 1, [new UrlAnswerObject(new ObjectReference("c", "k", null), "https://s/u", "x-a", DateTimeOffset.UnixEpoch, "image/jpeg", 3, "e", null)]);

    public void Dispose()
    {
        agent.Dispose();
        browser.Dispose();
    }

    [Fact]
    public void Open_WhenSealedForThisRequest_GivesTheAnswer() => Assert.Equivalent(answer, Open(Seal(), "jti-1", "ath-1").Value);

    [Fact]
    public void Open_WhenAnyCharacterIsChanged_Refuses()
    {
        var token = Seal();
        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char.AlphaNumeric).Sample((at, c) =>
            token[at] == c || !Open(string.Concat(token.AsSpan(0, at), c.ToString(), token.AsSpan(at + 1)), "jti-1", "ath-1").IsOk, iter: 300);
    }

    [Fact]
    public void Open_WhenSpareBitsAreSet_Refuses()
    {
        // 16 bytes of tag are 22 characters: the last one carries two bits that mean something and four that do not.
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var token = Seal();
        Assert.False(Open(token[..^1] + alphabet[alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1], "jti-1", "ath-1").IsOk);
    }

    [Fact]
    public void Open_WhenForAnotherRequest_Refuses()
    {
        Assert.Equal("answer.unopenable", Open(Seal(), "jti-2", "ath-1").Refusal!.Code);
        Assert.Equal("answer.mismatch", Open(Seal(), "jti-1", "ath-2").Refusal!.Code);
    }

    [Fact]
    public void Open_WhenSignedByAnotherAgent_Refuses()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = SealedAnswer.Seal(answer, other, EcPublicJwk.Of(agent).Thumbprint, EcPublicJwk.Of(browser));
        Assert.Equal("answer.signature", Open(forged, "jti-1", "ath-1").Refusal!.Code);
    }

    [Fact]
    public void Jwe_WhenOwnVectors_OpensAndRefusesAsTheySay()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector("dpop/sealed-ecdh-es-a256gcm.json")));
        var recipient = file.RootElement.GetProperty("recipient");
        byte[] Part(string name) => Base64UrlStrict.TryDecode(recipient.GetProperty(name).GetString(), out var b) ? b : [];
        using var key = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, D = Part("d"), Q = new ECPoint { X = Part("x"), Y = Part("y") },
        });
        var accepted = 0;
        foreach (var item in file.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("accept").GetBoolean()))
        {
            var plain = JWT.DecodeBytes(item.GetProperty("jwe").GetString(), key, JweAlgorithm.ECDH_ES, JweEncryption.A256GCM);
            Assert.Equal(item.GetProperty("plaintextBase64url").GetString(), Base64UrlStrict.Encode(plain));
            accepted++;
        }

        Assert.True(accepted > 0);
        // What the vectors refuse, the product refuses too: nothing of theirs is signed by our agent.
        Assert.All(file.RootElement.GetProperty("cases").EnumerateArray(), c => Assert.False(
            SealedAnswer.Open(c.GetProperty("jwe").GetString()!, key, _ => EcPublicJwk.Of(agent), "jti", "ath").IsOk));
    }

    [Fact]
    public void Verify_WhenWycheproof_AcceptsExactlyTheValidSignatures()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json")));
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var point = Convert.FromHexString(group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var signature = Convert.FromHexString(test.GetProperty("sig").GetString()!);
                var valid = signature.Length == 64 && key.VerifyData(
                    Convert.FromHexString(test.GetProperty("msg").GetString()!), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                Assert.True((test.GetProperty("result").GetString() == "valid") == valid, $"tcId {test.GetProperty("tcId")}");
            }
        }
    }

    [Fact]
    public void Enrolment_WhenTokenAndProofFit_IsAccepted()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var token = EnrolmentTokenText.New(Guid.CreateVersion7(), EcPublicJwk.Of(agent).Thumbprint);
        Assert.True(EnrolmentTokenText.TryParse(token.ToString(), out var read));
        Assert.Equal(token, read);
        var proof = EnrolmentProof.Sign(agent, token, "nonce", now);
        Assert.Null(EnrolmentProof.Check(proof, EcPublicJwk.Of(agent), token, "nonce", now));
        Assert.Equal("enrolment.proof", EnrolmentProof.Check(proof, EcPublicJwk.Of(agent), token, "other", now)!.Code);
        Assert.Equal("enrolment.skew", EnrolmentProof.Check(proof, EcPublicJwk.Of(agent), token, "nonce", now.AddHours(1))!.Code);
        Assert.False(EnrolmentTokenText.TryParse(token + "x", out _));
    }

    [Fact]
    public void Assertion_WhenAnotherAudienceKeyOrHour_IsRefused()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var id = Guid.CreateVersion7();
        var jwk = EcPublicJwk.Of(agent);
        var token = AgentAssertion.Sign(id, agent, "https://cp", now);
        Assert.Equal((id, jwk.Thumbprint), AgentAssertion.Claimed(token));
        Assert.Equal(id, AgentAssertion.Read(token, jwk, "https://cp", now).Value.AgentId);
        Assert.Equal("agent.assertion", AgentAssertion.Read(token, jwk, "https://other", now).Refusal!.Code);
        Assert.Equal("agent.skew", AgentAssertion.Read(token, jwk, "https://cp", now.AddHours(1)).Refusal!.Code);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("agent.assertion", AgentAssertion.Read(token, EcPublicJwk.Of(other), "https://cp", now).Refusal!.Code);
        Assert.Equal(6, KeyFingerprint.Words(jwk.Thumbprint).Split('-').Length);
        Assert.Equal("lusab-babad", string.Join('-', KeyFingerprint.Words(Base64UrlStrict.Encode([127, 0, 0, 1, .. new byte[8]])).Split('-')[..2]));
    }

    private string Seal() => SealedAnswer.Seal(answer, agent, EcPublicJwk.Of(agent).Thumbprint, EcPublicJwk.Of(browser));

    private Verified<UrlAnswer> Open(string token, string jti, string ath) =>
        SealedAnswer.Open(token, browser, kid => kid == EcPublicJwk.Of(agent).Thumbprint ? EcPublicJwk.Of(agent) : null, jti, ath);
}
