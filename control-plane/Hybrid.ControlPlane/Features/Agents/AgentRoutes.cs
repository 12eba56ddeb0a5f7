using Hybrid.Contracts.Enrolment;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Infrastructure.Http;
using Microsoft.AspNetCore.Authentication;
using StackExchange.Redis;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Agents for their administrators, and what agents themselves may call: four routes and no more.</summary>
internal static class AgentRoutes
{
    public static IServiceCollection AddAgents(this IServiceCollection services, string? redis)
    {
        services.AddSingleton<LinkTable>().AddHostedService<LinkKeeper>();
        var hubs = services.AddSignalR(o =>
        {
            o.MaximumReceiveMessageSize = LinkMethods.MaxMessageBytes;
            o.MaximumParallelInvocationsPerClient = 4;
        });
        if (redis is not null)
        {
            // Each replica of the control plane may hold the link of an agent that another one needs.
            services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(redis)).AddSingleton<LinkPresence>();
            hubs.AddStackExchangeRedis(o =>
            {
                o.Configuration = ConfigurationOptions.Parse(redis);
                o.Configuration.ChannelPrefix = RedisChannel.Literal("hybrid");
            });
        }

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
        RotateAgentKey.Map(own);
        own.MapGet("/keys", async (GrantKeys keys, CancellationToken ct) => TypedResults.Ok(new KeyStatements(await keys.StatementsAsync(ct))))
            .WithName("GrantKeyStatements").WithSummary("The chain of grant key statements.").OpenToAll("public keys only");
        app.MapHub<AgentLink>(LinkMethods.Path).RequireAuthorization(Policies.Agent).WithMetadata(new RouteRule(null, "enrolled agents only, by policy")).Audits(AuditActs.AgentConnectionsChanged);
    }
}
