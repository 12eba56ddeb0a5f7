using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>Signs grants (security.md § 3): only for a request that the session's own key has proven, only for objects of the project's connections.</summary>
internal sealed class GrantIssuer(ControlPlaneDb db, GrantKeys keys, ICurrentUser user, ControlPlaneOptions options, ReplayMemory replay, AuditTrail audit, TimeProvider clock)
{
    private static readonly Error NoObject = new(ErrorKind.NotFound, "not_found", "Nothing is here.", "It may have been removed, or you may have no role here.");
    private static readonly Error Gone = new(ErrorKind.Conflict, "agent.revoked", "The storage agent of this asset was revoked.", "Your work is saved. Ask an organization admin to connect the storage again.");
    private static readonly Error NotYet = new(ErrorKind.AgentUnreachable, "agent.unreachable", "The storage agent has not connected yet.", "Your work is saved. Ask its administrator to start it.");
    private static readonly Error Mixed = new(ErrorKind.Invalid, "grant.one_connection", "A grant covers one connection.", "Ask for the assets of each connection on their own.");

    /// <summary>A grant for objects, all of one connection.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="taskId">The task (act work), or null (act view).</param>
    /// <param name="assets">1–200 objects of the project.</param>
    /// <param name="proof">The DPoP header.</param>
    /// <param name="path">Path of the request, which the proof names.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Result<GrantAnswer>> IssueAsync(Guid projectId, Guid? taskId, IReadOnlyList<GrantObject> assets, string? proof, string path, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (user.Key?.Scopes.Contains(Domain.Organizations.ApiKey.FetchScope) == false) return AccessErrors.OutOfScope;
        if (Refuse(proof, path, now) is { } refused) return refused;
        if (assets.Count == 0) return NoObject;
        if (assets.Select(a => a.ConnectionId).Distinct().Count() > 1) return Mixed;
        var connectionId = assets[0].ConnectionId;
        // Asked anew each time: what was admitted to the project may have been withdrawn since the import.
        var found = await (
            from pc in db.ProjectConnections.AsNoTracking()
            join c in db.Connections on pc.ConnectionId equals c.Id
            join a in db.Agents on c.AgentId equals a.Id
            where pc.ProjectId == projectId && c.Id == connectionId && c.RemovedAt == null
            select new { Connection = c, Agent = a }).SingleOrDefaultAsync(ct);
        if (found is null) return NoObject;
        if (found.Agent.RevokedAt is not null) return Gone;
        if (found.Agent.LastSeenAt is null) return NotYet;

        var references = assets.ToDictionary(a => a.Id.ToString(), a => new ObjectReference(found.Connection.Name, a.Key, a.ObjectVersion));
        var claims = new GrantClaims
        {
            Issuer = options.PublicUrl.GetLeftPart(UriPartial.Authority),
            Audience = found.Agent.Id.ToString(),
            Subject = Pseudonym(found.Agent),
            Project = projectId.ToString(),
            Task = taskId?.ToString(),
            Connection = found.Connection.Name,
            Objects = [.. references.Values.Select(ObjectDigest.Of)],
            Act = taskId is null ? GrantAct.View : GrantAct.Work,
            IssuedAt = now,
            ExpiresAt = now + GrantClaims.MaxLifetime,
            TokenId = Guid.NewGuid().ToString("N"),
            KeyThumbprint = user.KeyThumbprint,
        };
        var (key, keyId) = await keys.CurrentAsync(ct);
        using (key)
        {
            audit.Record(
                AuditActs.GrantIssued, projectId, taskId is { } task ? [task, .. assets.Select(a => a.Id)] : assets.Select(a => a.Id),
                new { act = claims.Act, agent = found.Agent.Id, grant = claims.TokenId, objects = assets.Count });
            var agentKeys = await db.AgentKeys.AsNoTracking().Where(k => k.AgentId == found.Agent.Id && (k.RevokedAt == null || k.RevokedAt > now)).Select(k => k.Jwk).ToListAsync(ct);
            return new GrantAnswer(
                claims.Sign(key, keyId), new GrantAgent(found.Agent.Id.ToString(), found.Agent.Url, [.. agentKeys.Select(k => JsonElement.Parse(k))]), references, claims.ExpiresAt);
        }
    }

    private Error? Refuse(string? proof, string path, DateTimeOffset now)
    {
        var read = ProofReader.Read(proof, new ProofExpectation("POST", new Uri(options.PublicUrl, path).ToString()), now);
        var refusal = read.Refusal ?? (read.Value.Thumbprint == user.KeyThumbprint ? replay.Take(read.Value) : GrantRefusals.KeyMismatch);
        return refusal is null ? null : new Error(ErrorKind.Forbidden, refusal.Code, "This browser's proof was refused.", refusal.Detail);
    }

    // Stable for this agent, meaningless to every other (security.md § 3, `sub`).
    private string Pseudonym(Agent agent) => Base64UrlStrict.Encode(HMACSHA256.HashData(agent.PseudonymKey, user.PersonId.ToByteArray(bigEndian: true)).AsSpan(0, 16));
}

/// <summary>What a grant is asked for: an asset, or a picture of the guidelines.</summary>
/// <param name="Id">Its id, under which the answer names it.</param>
/// <param name="ConnectionId">Where it lives.</param>
/// <param name="Key">Its key there.</param>
/// <param name="ObjectVersion">Its version there, when the store keeps versions.</param>
internal sealed record GrantObject(Guid Id, Guid ConnectionId, string Key, string? ObjectVersion)
{
    public static GrantObject Of(Asset asset) => new(asset.Id, asset.ConnectionId, asset.Key, asset.ObjectVersion);
}
