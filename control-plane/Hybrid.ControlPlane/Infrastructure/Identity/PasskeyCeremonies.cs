using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>What a browser needs to ask its authenticators.</summary>
/// <param name="Ceremony">Goes back with the answer: the challenge, sealed, for one answer within five minutes.</param>
/// <param name="Options">For <c>PublicKeyCredential.parseCreationOptionsFromJSON</c> or <c>…parseRequestOptionsFromJSON</c>.</param>
public sealed record PasskeyQuestion(string Ceremony, JsonElement Options);

/// <summary>An authenticator's answer.</summary>
/// <param name="Ceremony">As it was given with the question.</param>
/// <param name="Credential">What <c>PublicKeyCredential.toJSON</c> gives.</param>
public sealed record PasskeyAnswer(string Ceremony, JsonElement Credential);

/// <summary>How an answer was judged.</summary>
internal enum PasskeyVerdict
{
    /// <summary>It is not one to the question, or not by a passkey that counts.</summary>
    Wrong,

    /// <summary>Everything fits but the authenticator's count, which went back: there may be a copy of it.</summary>
    CountedBack,

    /// <summary>It is the person.</summary>
    Right,
}

/// <summary>
/// Questions to authenticators and their answers (W3C Web Authentication Level 3 § 7), judged by ASP.NET Core Identity. A question is sealed and goes to the browser and
/// back, so that asking writes nothing, however often a sign-in page is opened; answering writes its digest, so that it is answered once.
/// It is bound to the session, or before there is one to the key that the browser made: whoever carries both question and answer away can only begin
/// a session that the browser's key alone unlocks.
/// </summary>
internal sealed class PasskeyCeremonies(IPasskeyHandler<Person> handler, ControlPlaneDb db, IDataProtectionProvider protection, TimeProvider clock, IHttpContextAccessor http)
{
    /// <summary>So long a question can be answered.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>No answer is longer, in characters.</summary>
    public const int MaxAnswer = 32 * 1024;

    // 1023 bytes in base64url.
    private const int MaxCredentialId = 1364;

    private readonly IDataProtector protector = protection.CreateProtector("hybrid.passkey-ceremony");

    /// <summary>Asks for a new passkey.</summary>
    public async Task<PasskeyQuestion> AskForNewAsync(Person person, Guid sessionId)
    {
        var made = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = person.Id.ToString(), Name = person.Email!, DisplayName = person.DisplayName }, http.HttpContext!);
        return Seal("new", sessionId.ToString(), made.AttestationState, made.CreationOptionsJson);
    }

    /// <summary>Asks for a passkey of a person whose session it is.</summary>
    public async Task<PasskeyQuestion> AskAsync(Person person, Guid sessionId)
    {
        var made = await handler.MakeRequestOptionsAsync(person, http.HttpContext!);
        return Seal("proof", sessionId.ToString(), made.AssertionState, made.RequestOptionsJson);
    }

    /// <summary>Asks for anybody's passkey.</summary>
    /// <param name="keyThumbprint">RFC 7638 thumbprint of the key that the browser made.</param>
    public async Task<PasskeyQuestion> AskAnybodyAsync(string keyThumbprint)
    {
        var made = await handler.MakeRequestOptionsAsync(null, http.HttpContext!);
        return Seal("sign-in", keyThumbprint, made.AssertionState, made.RequestOptionsJson);
    }

    /// <summary>A new passkey of the person, which is not added yet; null when the answer is none to this session's question.</summary>
    public async Task<Passkey?> NewAsync(Person person, Guid sessionId, PasskeyAnswer answer, CancellationToken ct)
    {
        if (await TakeAsync("new", sessionId.ToString(), answer, ct) is not { } state) return null;
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http.HttpContext!, CredentialJson = answer.Credential.GetRawText(), AttestationState = state });
        if (!result.Succeeded || result.UserEntity.Id != person.Id.ToString()) return null;
        var made = result.Passkey;
        var now = clock.GetUtcNow();
        return new Passkey
        {
            Id = Guid.CreateVersion7(now), PersonId = person.Id, CredentialId = made.CredentialId, PublicKey = made.PublicKey, SignCount = made.SignCount, Transports = [.. (made.Transports ?? []).Take(10).Where(t => t.Length <= 32)],
            BackupEligible = made.IsBackupEligible, BackedUp = made.IsBackedUp, AttestationObject = made.AttestationObject, ClientDataJson = made.ClientDataJson, CreatedAt = now,
        };
    }

    /// <summary>Judges the answer of the person whose session it is.</summary>
    public async Task<PasskeyVerdict> JudgeAsync(Person person, Guid sessionId, PasskeyAnswer answer, CancellationToken ct) =>
        await AssertAsync("proof", sessionId.ToString(), answer, ct) is { } said && said.Person.Id == person.Id ? await CountAsync(said.Passkey, ct) : PasskeyVerdict.Wrong;

    /// <summary>Who answered; null when nobody that counts. <see cref="CountAsync"/> has the last word.</summary>
    public Task<(Person Person, UserPasskeyInfo Passkey)?> WhoAsync(string keyThumbprint, PasskeyAnswer answer, CancellationToken ct) => AssertAsync("sign-in", keyThumbprint, answer, ct);

    /// <summary>Counts a use, in the open transaction. One statement: of two answers with one count, one comes through; and a passkey that was removed meanwhile has none.</summary>
    public async Task<PasskeyVerdict> CountAsync(UserPasskeyInfo used, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var count = (long)used.SignCount;
        var taken = await db.Passkeys.Where(p => p.CredentialId == used.CredentialId && (p.SignCount < count || (p.SignCount == 0 && count == 0)))
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.SignCount, count).SetProperty(x => x.BackedUp, used.IsBackedUp).SetProperty(x => x.LastUsedAt, now), ct);
        if (taken == 1) return PasskeyVerdict.Right;
        return await db.Passkeys.AnyAsync(p => p.CredentialId == used.CredentialId, ct) ? PasskeyVerdict.CountedBack : PasskeyVerdict.Wrong;
    }

    /// <summary>Whose tries an answer counts among: the address of the account whose passkey it claims to be, else the claim itself. Nothing is proven by it.</summary>
    public async Task<string> ClaimedAccountAsync(PasskeyAnswer answer, CancellationToken ct)
    {
        if (!answer.Credential.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String || id.GetString() is not { Length: > 0 and <= MaxCredentialId } text || !Base64Url.IsValid(text)) return "";
        var credential = Base64Url.DecodeFromChars(text);
        return await (from k in db.Passkeys join p in db.Users on k.PersonId equals p.Id where k.CredentialId == credential select p.Email).SingleOrDefaultAsync(ct) ?? text;
    }

    private async Task<(Person Person, UserPasskeyInfo Passkey)?> AssertAsync(string kind, string boundTo, PasskeyAnswer answer, CancellationToken ct)
    {
        if (await TakeAsync(kind, boundTo, answer, ct) is not { } state) return null;
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http.HttpContext!, CredentialJson = answer.Credential.GetRawText(), AssertionState = state });
        return result.Succeeded ? (result.User, result.Passkey) : null;
    }

    private PasskeyQuestion Seal(string kind, string boundTo, string? state, string options)
    {
        var question = new Sealed(kind, boundTo, state ?? throw new InvalidOperationException("Identity gave no state."), (clock.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        return new PasskeyQuestion(protector.Protect(JsonSerializer.Serialize(question)), JsonElement.Parse(options));
    }

    private async Task<string?> TakeAsync(string kind, string boundTo, PasskeyAnswer answer, CancellationToken ct)
    {
        if (Open(answer.Ceremony) is not { } question || question.Kind != kind || question.BoundTo != boundTo || question.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds()) return null;
        // By what was sealed: the seal itself can be written in more than one way.
        var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(question));
        var taken = await db.Database.ExecuteSqlAsync($"insert into answered_challenges (digest, expires_at) values ({digest}, {question.ExpiresAt}) on conflict (digest) do nothing", ct);
        return taken == 1 ? question.State : null;
    }

    private Sealed? Open(string ceremony)
    {
        try
        {
            return JsonSerializer.Deserialize<Sealed>(protector.Unprotect(ceremony));
        }
        catch (CryptographicException)
        {
            // Not of our making, or sealed by a key that is gone.
            return null;
        }
    }

    private sealed record Sealed(string Kind, string BoundTo, string State, long ExpiresAt);
}

/// <summary>Forgets answered challenges that are too old to be answered again.</summary>
internal sealed partial class AnsweredChallengeWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<AnsweredChallengeWorker> logger) : StepWorker(TimeSpan.FromMinutes(10))
{
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var old = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await scope.ServiceProvider.GetRequiredService<ControlPlaneDb>().AnsweredChallenges.Where(c => c.ExpiresAt < old).ExecuteDeleteAsync(ct);
        return false;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    [LoggerMessage(1451, LogLevel.Warning, "Old challenges to passkeys could not be cleared up ({Kind}); it is tried again")]
    private partial void StepFailed(string kind);
}
