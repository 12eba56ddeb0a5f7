using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;
using Hybrid.Testing;

namespace Hybrid.Security.Tests;

public class ProofReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProofExpectation Request = new("POST", "https://a.agent.hybrid.internal/v1/urls") { GrantHash = "gh", ObjectsDigest = "od" };

    [Fact]
    public void Read_WhenOwnVectors_AcceptsAndRefusesAsTheySay()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector("dpop/own.json")));
        var environment = file.RootElement.GetProperty("environment");
        var now = DateTimeOffset.FromUnixTimeSeconds(environment.GetProperty("now").GetInt64());
        foreach (var item in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            var request = new ProofExpectation(environment.GetProperty("method").GetString()!, item.GetProperty("requestUrl").GetString()!)
            {
                GrantHash = GrantClaims.HashOf(environment.GetProperty("accessToken").GetString()!),
                Nonce = environment.GetProperty("expectedNonce").GetString(),
            };

            var read = ProofReader.Read(item.GetProperty("proof").GetString(), request, now);

            var accepted = read.IsOk && read.Value.Thumbprint == environment.GetProperty("expectedJkt").GetString();
            Assert.True(item.GetProperty("accept").GetBoolean() == accepted, $"{item.GetProperty("name")}: {read.Refusal?.Code ?? "accepted"}");
        }
    }

    [Fact]
    public void Read_WhenAnyCharacterIsChanged_Refuses()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var proof = ProofReader.Sign(key, Request, Now);
        Gen.Select(Gen.Int[0, proof.Length - 1], Gen.Char.AlphaNumeric).Sample((at, c) =>
        {
            if (proof[at] == c) return true;
            return !ProofReader.Read(string.Concat(proof.AsSpan(0, at), c.ToString(), proof.AsSpan(at + 1)), Request, Now).IsOk;
        }, iter: 500);
    }

    [Theory]
    [InlineData(-61, "61 seconds behind")]
    [InlineData(61, "61 seconds ahead")]
    public void Read_WhenTheClockIsOff_NamesTheSkewAndItsSign(int seconds, string said)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var read = ProofReader.Read(ProofReader.Sign(key, Request, Now.AddSeconds(seconds)), Request, Now);

        Assert.Equal("proof.skew", read.Refusal!.Code);
        Assert.Contains(said, read.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenMadeForOtherObjects_Refuses()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var proof = ProofReader.Sign(key, Request, Now);

        Assert.Equal("proof.mismatch", ProofReader.Read(proof, Request with { ObjectsDigest = "other" }, Now).Refusal!.Code);
        Assert.Equal("proof.mismatch", ProofReader.Read(proof, Request with { GrantHash = "other" }, Now).Refusal!.Code);
        Assert.Equal("proof.malformed", ProofReader.Read(proof, Request with { NeedsSealingKey = true }, Now).Refusal!.Code);
    }

    [Fact]
    public void Thumbprint_WhenRfc9449Example_IsItsJkt()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector("dpop/rfc9449.json")));
        var text = file.RootElement.GetRawText();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(EcPublicJwk.TryParse("""{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}""", out var jwk));
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", jwk.Thumbprint);
        Assert.Contains("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayMemory_WhenSeenAgain_RefusesUntilTheWindowIsOver()
    {
        var clock = new TestClock();
        var memory = new ReplayMemory(clock);
        var proof = new Proof("key", "jti", null);

        Assert.Null(memory.Take(proof));
        Assert.Equal("proof.replayed", memory.Take(proof)!.Code);
        clock.Advance(ReplayMemory.Window + TimeSpan.FromSeconds(1));
        Assert.Null(memory.Take(proof));
        Assert.Equal(1, memory.Count);
    }

    [Fact]
    public void ReplayMemory_WhenOneKeyFloods_LeavesRoomForOthersAndNeverForgets()
    {
        var memory = new ReplayMemory(new TestClock(), perKey: 10, total: 15);
        for (var i = 0; i < 10; i++) Assert.Null(memory.Take(new Proof("flood", $"{i}", null)));

        Assert.Equal("proof.rate", memory.Take(new Proof("flood", "11", null))!.Code);
        for (var i = 0; i < 5; i++) Assert.Null(memory.Take(new Proof("calm", $"{i}", null)));
        Assert.Equal("proof.memory_full", memory.Take(new Proof("third", "0", null))!.Code);
        Assert.Equal("proof.replayed", memory.Take(new Proof("flood", "0", null))!.Code);
    }
}
