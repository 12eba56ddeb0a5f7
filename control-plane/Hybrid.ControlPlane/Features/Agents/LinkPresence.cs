using StackExchange.Redis;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>
/// Which links are up in any replica of the control plane, kept in Redis for as long as their replica says so. Without Redis answering,
/// only the links of the own process are known.
/// </summary>
internal sealed partial class LinkPresence(IConnectionMultiplexer redis, TimeProvider clock, ILogger<LinkPresence> logger)
{
    /// <summary>How long a link is believed without being said again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    private bool isAway;

    /// <summary>Says that these links are up.</summary>
    public Task SayAsync(IEnumerable<(Guid Agent, string Connection)> links) => TryAsync(async database =>
    {
        var until = Now + Life.TotalSeconds;
        await Task.WhenAll(links.GroupBy(l => l.Agent).Select(async agent =>
        {
            var key = Key(agent.Key);
            await database.SortedSetRemoveRangeByScoreAsync(key, double.NegativeInfinity, Now);
            await database.SortedSetAddAsync(key, [.. agent.Select(l => new SortedSetEntry(l.Connection, until))]);
            await database.KeyExpireAsync(key, Life * 2);
        }));
        return true;
    });

    public Task ForgetAsync(Guid agent, string connection) => TryAsync(database => database.SortedSetRemoveAsync(Key(agent), connection));

    public async Task<IReadOnlyList<string>> ConnectionsAsync(Guid agent) =>
        await TryAsync(database => database.SortedSetRangeByScoreAsync(Key(agent), Now)) is { } found ? [.. found.Select(c => c.ToString())] : [];

    private double Now => clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000d;

    private static RedisKey Key(Guid agent) => $"hybrid:links:{agent:N}";

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            var answer = await ask(redis.GetDatabase());
            if (isAway) Back();
            isAway = false;
            return answer;
        }
        catch (Exception gone) when (gone is RedisException or TimeoutException)
        {
            if (!isAway) Away(gone.GetType().Name);
            isAway = true;
            return default;
        }
    }

    [LoggerMessage(1501, LogLevel.Error, "Redis does not answer ({Kind}): agents that are linked to other replicas cannot be reached until it does")]
    private partial void Away(string kind);

    [LoggerMessage(1502, LogLevel.Information, "Redis answers again")]
    private partial void Back();
}
