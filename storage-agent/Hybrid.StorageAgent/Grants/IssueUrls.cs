using System.Text.Json;
using Hybrid.Contracts.Urls;
using Hybrid.Security;
using Hybrid.Security.Grants;
using Hybrid.Security.Proofs;
using Hybrid.Security.Sealing;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Policy;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Telemetry;

namespace Hybrid.StorageAgent.Grants;

/// <summary>
/// Turns a grant and a proof into URLs (security.md § 3): 1 read the grant; 2 read the proof; 3 hold the grant against this request;
/// 4 refuse a replay; 5 ask the local policy for each object; 6 sign; 7 record; 8 seal. In this order, and recorded before answered.
/// </summary>
public sealed class IssueUrls(
    AgentIdentity identity, AgentOptions options, GrantKeyring keyring, ReplayMemory replay, LocalPolicy policy,
    ObjectLookup lookup, ObjectTypes types, AccessJournal journal, AgentMetrics metrics, TimeProvider clock)
{
    private static readonly SecurityRefusal BadBody = new("request.malformed", "The request's body is not { grant, proof, objects }.");
    private static readonly SecurityRefusal NotRecorded = new("agent.record_failed", "The agent cannot write its access record, so it serves nothing. Tell its administrator: the disk may be full.");

    private readonly string htu = $"https://{identity.AgentId}.agent.hybrid.internal/v1/urls";

    /// <summary>The sealed answer (compact JWE), or the refusal of the whole request. By the direct road: TLS vouches for a refusal.</summary>
    /// <param name="body">The request.</param>
    /// <param name="caller">Where the browser's request came from.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Verified<string>> HandleAsync(ReadOnlyMemory<byte> body, Caller caller, CancellationToken ct) =>
        Parse(body) is { } request ? await AnswerAsync(request, caller, ct) : BadBody;

    /// <summary>
    /// The same by the relay, which could make up a refusal: so this one is sealed like an answer wherever the request names a sealing key.
    /// The relay knows the browser's address, and its word for it counts nothing.
    /// </summary>
    public async Task<Verified<string>> HandleRelayedAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (Parse(body) is not { } request) return BadBody;
        var answer = await AnswerAsync(request, Caller.Relayed, ct);
        if (answer.Refusal is not { } refusal) return answer;
        var now = clock.GetUtcNow();
        var proof = ReadProof(request, now, atAnyTime: true);
        if (!proof.IsOk) return refusal;
        var refused = new UrlAnswer(proof.Value.TokenId, GrantClaims.HashOf(request.Grant), now.ToUnixTimeSeconds(), [], new UrlRefusal(refusal.Code, refusal.Detail));
        return Seal(refused, proof.Value, now);
    }

    private async Task<Verified<string>> AnswerAsync(UrlRequest request, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        // 1
        var grant = GrantClaims.Read(request.Grant, keyring.Find);
        if (grant.Refusal == GrantRefusals.UnknownKey)
        {
            await keyring.RefreshAsync(ct);
            grant = GrantClaims.Read(request.Grant, keyring.Find);
        }

        if (!grant.IsOk) return await RefusedAsync(null, caller, grant.Refusal!);
        var claims = grant.Value;

        // 2
        var proof = ReadProof(request, now, atAnyTime: false);
        if (!proof.IsOk) return await RefusedAsync(claims, caller, proof.Refusal!);

        // 3
        var issuer = options.ControlPlane!.GetLeftPart(UriPartial.Authority);
        var use = new GrantUse(claims, issuer, identity.AgentId.ToString(), proof.Value.Thumbprint, request.Objects, now);
        if (GrantChecks.Standard.FirstRefusal(use) is { } refusal) return await RefusedAsync(claims, caller, refusal);

        // 4
        if (replay.Take(proof.Value) is { } seen) return await RefusedAsync(claims, caller, seen);

        // 5, 6
        var decided = await DecideAsync(request, claims, caller, ct);

        // 7
        if (!await TryRecordAsync([.. decided.Select(d => d.Record)])) return NotRecorded;

        // 8
        var answer = new UrlAnswer(proof.Value.TokenId, GrantClaims.HashOf(request.Grant), now.ToUnixTimeSeconds(), [.. decided.Select(d => d.Answer)]);
        return Seal(answer, proof.Value, now);
    }

    /// <summary>The HTTP status of a refusal of the whole request.</summary>
    public static int StatusOf(SecurityRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Code switch
        {
            "request.malformed" or "grant.malformed" or "proof.malformed" => StatusCodes.Status400BadRequest,
            "proof.rate" => StatusCodes.Status429TooManyRequests,
            "proof.memory_full" or "agent.record_failed" => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status403Forbidden,
        };
    }

    private string Seal(UrlAnswer answer, Proof proof, DateTimeOffset now)
    {
        var (key, keyId) = identity.SignerAt(now);
        return SealedAnswer.Seal(answer, key, keyId, proof.SealingKey!);
    }

    private Verified<Proof> ReadProof(UrlRequest request, DateTimeOffset now, bool atAnyTime)
    {
        var expected = new ProofExpectation("POST", htu)
        {
            GrantHash = GrantClaims.HashOf(request.Grant),
            ObjectsDigest = ObjectDigest.OfAll(request.Objects),
            NeedsSealingKey = true,
            AtAnyTime = atAnyTime,
        };
        return ProofReader.Read(request.Proof, expected, now);
    }

    private static UrlRequest? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var request = JsonSerializer.Deserialize(body.Span, AgentJson.Default.UrlRequest);
            return request is { Grant: not null, Proof: not null, Objects.Count: > 0 and <= UrlLimits.Objects } && request.Objects.All(o => o is not null) ? request : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<List<(UrlAnswerObject Answer, AccessRecord Record)>> DecideAsync(UrlRequest request, GrantClaims claims, Caller caller, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        var asked = request.Objects.Select(lookup.Find).ToList();
        var rules = policy.Decide([.. asked.Select(a => new PolicyQuestion(claims, a.Object, a.Connection?.Options, caller, at, a.IsKnown))]);
        var decided = new List<(UrlAnswerObject, AccessRecord)>(asked.Count);
        for (var i = 0; i < asked.Count; i++)
        {
            var (answer, record) = rules[i] is { } rule
                ? Refuse(claims, caller, asked[i].Object, rule.Name, rule.Refusal)
                : await SignAsync(claims, caller, asked[i].Object, asked[i].Connection!, ct);
            // The record is the customer's and has the real name; the answer has the one that was asked for.
            decided.Add((answer with { Object = request.Objects[i] }, record));
        }

        return decided;
    }

    private async Task<(UrlAnswerObject, AccessRecord)> SignAsync(GrantClaims claims, Caller caller, ObjectReference reference, AgentConnection connection, CancellationToken ct)
    {
        try
        {
            var secret = SplitSecret.New();
            var type = await types.OfAsync(connection.Provider, reference, ct);
            var signed = await metrics.MeasureAsync(connection.Options.Name, "sign", () => connection.Provider.SignAsync(reference, secret, type, policy.LifetimeOf(connection.Options), ct).AsTask());
            return (new UrlAnswerObject(reference, signed.Url, secret, signed.ExpiresAt, type, null, null, null),
                Record(claims, caller, reference, signed.CutToCredentials ? LocalPolicy.AllRulesPassCut : LocalPolicy.AllRulesPass, true));
        }
        catch (StorageException failed)
        {
            return Refuse(claims, caller, reference, failed.Code, new UrlRefusal(failed.Code, failed.Message));
        }
    }

    private (UrlAnswerObject Answer, AccessRecord Record) Refuse(GrantClaims claims, Caller caller, ObjectReference reference, string rule, UrlRefusal refusal) =>
        (new UrlAnswerObject(reference, null, null, null, null, null, null, refusal), Record(claims, caller, reference, rule, false));

    private async Task<SecurityRefusal> RefusedAsync(GrantClaims? claims, Caller caller, SecurityRefusal refusal) =>
        await TryRecordAsync([Record(claims, caller, null, refusal.Code, false)]) ? refusal : NotRecorded;

    private AccessRecord Record(GrantClaims? claims, Caller caller, ObjectReference? reference, string rule, bool allowed) => new(
        clock.GetUtcNow(), claims?.Subject, claims?.Project, claims?.Task, reference?.Connection ?? claims?.Connection, reference?.Key, reference?.Version,
        claims?.TokenId, claims?.Act, rule, allowed, "", caller.Address?.ToString());

    // A browser that leaves meanwhile changes nothing: what was decided is recorded.
    private async Task<bool> TryRecordAsync(IReadOnlyList<AccessRecord> lines)
    {
        try
        {
            await journal.WriteAsync(lines);
            foreach (var line in lines) metrics.Decided(line.Rule, line.Allowed);
            return true;
        }
        catch (IOException)
        {
            metrics.Unrecorded(lines.Count);
            return false;
        }
    }
}
