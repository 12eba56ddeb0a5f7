using Hybrid.Contracts.Enrolment;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Infrastructure.Http;
using Microsoft.AspNetCore.Authentication;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Agents for their administrators, and what agents themselves may call: three routes and no more.</summary>
internal static class AgentRoutes
{
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddSingleton<LinkTable>();
        services.AddSignalR(o =>
        {
            o.MaximumReceiveMessageSize = LinkMethods.MaxMessageBytes;
            o.MaximumParallelInvocationsPerClient = 4;
        });
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AgentAuthentication>(AgentAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().AddPolicy(Policies.Agent, p => p.AddAuthenticationSchemes(AgentAuthentication.SchemeName).RequireClaim(AgentAuthentication.AgentClaim));
        return services;
    }

    public static void MapAgents(this IEndpointRouteBuilder app)
    {
        var agents = app.MapGroup("/api/agents").WithTags("Agents");
        ListAgents.Map(app, agents);
        CreateAgent.Map(agents);
        IssueAgentToken.Map(agents);
        RevokeAgent.Map(agents);
        ProbeConnection.Map(app);

        var own = app.MapGroup("/agent/v1").WithTags("Agent protocol");
        EnrolAgent.Map(own);
        own.MapGet("/keys", async (GrantKeys keys, CancellationToken ct) => TypedResults.Ok(new KeyStatements(await keys.StatementsAsync(ct))))
            .WithName("GrantKeyStatements").WithSummary("The chain of grant key statements.").OpenToAll("public keys only");
        app.MapHub<AgentLink>(LinkMethods.Path).RequireAuthorization(Policies.Agent).WithMetadata(new RouteRule(null, "enrolled agents only, by policy")).Audits(AuditActs.AgentConnectionsChanged);
    }
}
