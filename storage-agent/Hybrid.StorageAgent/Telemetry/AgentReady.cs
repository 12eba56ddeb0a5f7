using Hybrid.StorageAgent.Grants;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hybrid.StorageAgent.Telemetry;

/// <summary>
/// Ready once the control plane's grant keys are known, that is after the first hello: from then on the agent can serve. Not whether the
/// link is up now: when the control plane is away, grants that are out go on working, and taking every replica out of service would
/// make its outage ours. The link's state is a metric. (The identity is loaded before the agent listens at all.)
/// </summary>
internal sealed class AgentReady(GrantKeyring keyring) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(keyring.IsFilled
        ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy("The control plane's grant keys are not known yet: the link has not come up since the start. See hybrid-agent check."));
}
