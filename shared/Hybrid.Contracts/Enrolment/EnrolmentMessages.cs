using System.Text.Json;

namespace Hybrid.Contracts.Enrolment;

/// <summary>A replica asks to become part of an agent.</summary>
/// <param name="Token">The one-time token.</param>
/// <param name="Jwk">The replica's public key (EC, P-256).</param>
/// <param name="Proof">JWS by that key over token hash, nonce and time.</param>
/// <param name="Nonce">Random, 16–64 characters.</param>
/// <param name="Version">Software version.</param>
public sealed record EnrolmentRequest(string Token, JsonElement Jwk, string Proof, string Nonce, string Version);

/// <summary>The control plane accepts a replica.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="KeyId">Thumbprint of the replica's key.</param>
/// <param name="Statements">The chain of grant key statements; one of them must match the token's thumbprint.</param>
/// <param name="WorkspaceOrigin">Origin that browsers come from.</param>
public sealed record EnrolmentAnswer(string AgentId, string KeyId, IReadOnlyList<string> Statements, string WorkspaceOrigin);

/// <summary>A replica changes its key.</summary>
/// <param name="Statement">JWS about the new key, signed by the old one.</param>
/// <param name="Proof">JWS by the new key over the statement.</param>
public sealed record KeyRotationRequest(string Statement, string Proof);

/// <summary>The control plane knows both keys for a while.</summary>
/// <param name="KeyId">Thumbprint of the new key.</param>
/// <param name="SignFrom">From when on every browser knows the new key: answers are signed by the old one until then.</param>
/// <param name="OldUntil">When the old key is no longer accepted.</param>
public sealed record KeyRotationAnswer(string KeyId, DateTimeOffset SignFrom, DateTimeOffset OldUntil);

/// <summary>The chain of grant key statements.</summary>
/// <param name="Statements">Oldest first.</param>
public sealed record KeyStatements(IReadOnlyList<string> Statements);
