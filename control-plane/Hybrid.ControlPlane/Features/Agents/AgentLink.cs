using System.Security.Claims;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>The hub to which agents dial out. What an agent says is data: capped, checked, and about itself alone.</summary>
internal sealed class AgentLink(ControlPlaneDb db, LinkTable links, GrantKeys keys, AuditTrail audit, TimeProvider clock) : Hub
{
    private Guid AgentId => Guid.Parse(Context.User!.FindFirstValue(AgentAuthentication.AgentClaim)!);

    private Guid OrganizationId => Guid.Parse(Context.User!.FindFirstValue(AgentAuthentication.OrganizationClaim)!);

    /// <summary>Takes over version and connections; audited only when the connections changed.</summary>
    public async Task<HelloAnswer> Hello(AgentHello hello)
    {
        ArgumentNullException.ThrowIfNull(hello);
        if (Mistake(hello) is { } mistake) throw new HubException(mistake);
        var now = clock.GetUtcNow();
        await using (var scope = await TenantScope.OpenAsync(db, OrganizationId, null, Context.ConnectionAborted))
        {
            var agent = await db.Agents.SingleAsync(a => a.Id == AgentId, Context.ConnectionAborted);
            agent.SaidHello(hello.AgentUrl, hello.Version, now);
            var known = await db.Connections.Where(c => c.AgentId == agent.Id).ToListAsync(Context.ConnectionAborted);
            var changed = false;
            foreach (var said in hello.Connections)
            {
                var connection = known.Find(c => c.Name == said.Name);
                if (connection is null)
                {
                    connection = Connection.Create(agent, said.Name, now);
                    db.Connections.Add(connection);
                }

                changed |= connection.Describe(said.Provider, said.Delivery, said.StorageOrigin, string.Join(' ', (said.Weaknesses ?? []).Distinct(StringComparer.Ordinal)));
            }

            foreach (var gone in known.Where(k => k.RemovedAt is null && hello.Connections.All(c => c.Name != k.Name)))
            {
                gone.Remove(now);
                changed = true;
            }

            if (changed) audit.RecordAs(ActorKind.Agent, agent.Id, AuditActs.AgentConnectionsChanged, null, [agent.Id], new { connections = hello.Connections.Count });
            await scope.CommitAsync(Context.ConnectionAborted);
        }

        await links.AddAsync(AgentId, Context);
        return new HelloAnswer(Math.Min(hello.Protocol, LinkMethods.Protocol), await keys.StatementsAsync(Context.ConnectionAborted));
    }

    /// <inheritdoc/>
    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await links.RemoveAsync(AgentId, Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

    private static string? Mistake(AgentHello hello)
    {
        if (hello.Version is not { Length: > 0 and <= 50 }) return "hello.malformed";
        // Before all else that it says: a version far from ours may mean other things by it. The agent makes a sentence of the numbers.
        if (hello.Protocol < hello.OldestProtocol || hello.OldestProtocol < 1) return "hello.malformed";
        if (hello.Protocol < LinkMethods.OldestProtocol || hello.OldestProtocol > LinkMethods.Protocol) return $"hello.protocol {LinkMethods.OldestProtocol}-{LinkMethods.Protocol}";
        if (hello.Connections is not { Count: <= 100 }) return "hello.malformed";
        if (hello.AgentUrl is not null && !IsOrigin(hello.AgentUrl)) return "hello.agent_url";
        var good = hello.Connections.All(c => c is { Name.Length: > 0 and <= 64, Provider.Length: > 0 and <= 20, Delivery: "presigned" or "proxy" } && IsOrigin(c.StorageOrigin) && AreCodes(c.Weaknesses));
        return good && hello.Connections.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count() == hello.Connections.Count ? null : "hello.connections";
    }

    private static bool AreCodes(IReadOnlyList<string>? codes) =>
        codes is null || (codes.Count <= 16 && codes.All(c => c is { Length: > 0 and <= 60 } && c.All(l => char.IsAsciiLetterLower(l) || l is '.' or '_')));

    private static bool IsOrigin(string? text) =>
        text is { Length: <= 500 } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == text
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
