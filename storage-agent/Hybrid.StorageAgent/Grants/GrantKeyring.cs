using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent.Grants;

/// <summary>The control plane's grant keys: those that a chain of statements leads to from the key pinned at enrolment, and no others.</summary>
public sealed class GrantKeyring(AgentIdentity identity, AgentOptions options, HttpClient http, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan RefreshAtMost = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim refreshing = new(1, 1);
    private Dictionary<string, VerifyingKey> keys = [];
    private long? lastRefresh;

    /// <inheritdoc/>
    public void Dispose() => refreshing.Dispose();

    /// <summary>The trusted key of an id, or null.</summary>
    public VerifyingKey? Find(string keyId) => keys.GetValueOrDefault(keyId);

    /// <summary>Whether a chain that leads from the pinned key was ever seen: before that no grant can be honoured.</summary>
    public bool IsFilled => keys.Count > 0;

    /// <summary>Takes over the chain as served; keeps the old keys when the new chain does not lead from the pinned one.</summary>
    public bool Accept(IReadOnlyList<string> statements)
    {
        var walked = KeyStatement.Walk(identity.Pinned, statements);
        if (!walked.IsOk) return false;
        // A key that stays is the same one: what it has imported stays with it. One that goes may be in use at this moment.
        var before = keys;
        keys = walked.Value.ToDictionary(k => k.Key, k => before.TryGetValue(k.Key, out var same) ? same : new VerifyingKey(k.Value), StringComparer.Ordinal);
        return true;
    }

    /// <summary>Asks for newer statements, at most every 5 seconds however many strangers' grants arrive.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        await refreshing.WaitAsync(ct);
        try
        {
            if (lastRefresh is { } last && clock.GetElapsedTime(last) < RefreshAtMost) return;
            lastRefresh = clock.GetTimestamp();
            var chain = await http.GetFromJsonAsync(new Uri(options.ControlPlane!, "/agent/v1/keys"), AgentJson.Default.KeyStatements, ct);
            if (chain is not null) Accept(chain.Statements);
        }
        catch (Exception gone) when (gone is HttpRequestException or System.Text.Json.JsonException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            // The keys that are known go on serving; the next unknown key asks again.
        }
        finally
        {
            refreshing.Release();
        }
    }
}
