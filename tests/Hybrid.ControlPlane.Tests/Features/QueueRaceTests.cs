using System.Collections.Concurrent;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Twenty people race for fifty tasks: nobody is given what another has, and nothing is left over.</summary>
public abstract class QueueRaceTests(SharedTown shared)
{
    private const int Callers = 20;
    private const int Tasks = 50;

    [Fact]
    public async Task Next_WhenTwentyRaceForFifty_GivesEachTaskToOnePerson()
    {
        var town = shared.Town;
        var people = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => town.JoinAsync("labeler")));
        var given = new ConcurrentBag<(Guid Task, Guid Person)>();
        var reserved = new ConcurrentDictionary<Guid, Guid>();

        await Task.WhenAll(people.Select(async person =>
        {
            while (true)
            {
                var answer = await person.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 1 });
                if (answer.GetProperty("task") is not { ValueKind: System.Text.Json.JsonValueKind.Object } task) return;
                var id = task.GetProperty("id").GetGuid();
                given.Add((id, person.PersonId));
                foreach (var next in answer.GetProperty("reserved").EnumerateArray().Select(r => r.GetProperty("taskId").GetGuid()))
                    Assert.True(reserved.GetOrAdd(next, person.PersonId) == person.PersonId, "A task was reserved for two.");
                await person.PostAsync($"{town.Tasks}/{id}/skip", new { reason = "only racing" });
            }
        }));

        Assert.Equal(Tasks, given.Count);
        Assert.Equal(Tasks, given.Select(g => g.Task).Distinct().Count());
        Assert.All(given, g => Assert.Equal(g.Person, reserved.GetValueOrDefault(g.Task, g.Person)));
        Assert.True(given.Select(g => g.Person).Distinct().Count() > 1, "One person got everything: there was no race.");
    }
}

public sealed class QueueRaceOnSqliteTests(SqliteTown shared) : QueueRaceTests(shared), IClassFixture<SqliteTown>;

public sealed class QueueRaceOnPostgresTests(PostgresTown shared) : QueueRaceTests(shared), IClassFixture<PostgresTown>;
