using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>What a reviewer is given who has labeled most of what waits for review, on each database.</summary>
public abstract class QueueOfReviewersTests(DatabaseProvider provider) : IAsyncLifetime
{
    // More than the queue looks at one by one.
    private const int Own = 40;

    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, Own + 3);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Reviewer_WhoseOwnLabelsFillTheHead_GetsTheOthers_InTheirOrder_AndNeverTheirOwn()
    {
        for (var i = 0; i < Own; i++) await LabelAsync(town.Reviewer);
        var others = new[] { await LabelAsync(town.Ana), await LabelAsync(town.Ben), await LabelAsync(town.Ana) };

        var given = new List<Guid>();
        var next = await town.Reviewer.PostAsync($"{town.Tasks}/next", new { kind = "review", reserve = 2 });
        Assert.Equal(2, next.GetProperty("reserved").GetArrayLength());
        for (JsonElement? task = next.GetProperty("task"); task is { } one; task = await town.NextAsync(town.Reviewer, "review"))
        {
            given.Add(one.GetProperty("asset").GetProperty("id").GetGuid());
            await town.Reviewer.PostAsync(
                $"{town.Tasks}/{one.GetProperty("id").GetGuid()}/review", new { outcome = "approve", labelId = one.GetProperty("label").GetProperty("id").GetGuid(), activeMs = 1 }, $"review-{given.Count}");
        }

        Assert.Equal(others, given);
        // Whose labels they are not finds the reviewer's at once.
        Assert.NotNull(await town.NextAsync(town.Manager, "review"));
    }

    private async Task<Guid> LabelAsync(BrowserSession who)
    {
        var task = (await town.NextAsync(who))!.Value;
        await who.PostAsync($"{town.Tasks}/{task.GetProperty("id").GetGuid()}/submit", new { document = Town.Label(), activeMs = 1 }, $"label-{Guid.NewGuid()}");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        return task.GetProperty("asset").GetProperty("id").GetGuid();
    }
}

/// <summary>On SQLite.</summary>
public sealed class QueueOfReviewersOnSqliteTests() : QueueOfReviewersTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class QueueOfReviewersOnPostgresTests() : QueueOfReviewersTests(DatabaseProvider.Postgres);
