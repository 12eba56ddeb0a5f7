using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hybrid.Benchmarks.Work;

/// <summary>What an operation was, or is to be, about.</summary>
/// <param name="Person">Who.</param>
/// <param name="Tasks">The tasks that it takes or finishes.</param>
internal sealed record Subject(Guid Person, IReadOnlyList<Guid> Tasks);

/// <summary>
/// The floor: an operation's own statements in one transaction, prepared once on one connection, with nothing above the driver.
/// Each value of the recording is constant, or stands for something that the next operation has its own of.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly DbConnection connection;
    private readonly List<(DbCommand Command, List<Action<Operation>> Set, bool Takes)> steps = [];
    private readonly Func<Guid, Guid> assetOf;

    private Replay(DbConnection connection, Func<Guid, Guid> assetOf) => (this.connection, this.assetOf) = (connection, assetOf);

    public static async Task<Replay> PrepareAsync(string connectionString, StatementRecorder recorder, Subject recorded, WorkTown town, Func<Guid, Guid> assetOf, string? key)
    {
        var isPostgres = recorder.Statements[0] is NpgsqlCommand;
        DbConnection connection = isPostgres ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
        await connection.OpenAsync();
        var replay = new Replay(connection, assetOf);
        if (!isPostgres)
        {
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=5000; pragma foreign_keys=on;";
            await pragmas.ExecuteNonQueryAsync();
        }

        foreach (var statement in recorder.Statements)
        {
            var command = StatementRecorder.Copy(statement);
            command.Connection = connection;
            var set = new List<Action<Operation>>();
            foreach (DbParameter parameter in command.Parameters)
            {
                if (replay.Changing(parameter, recorder.StartedAt, recorded, town, key) is { } change) set.Add(change);
            }

            replay.steps.Add((command, set, command.CommandText.Contains("returning id", StringComparison.Ordinal)));
            if (isPostgres) await command.PrepareAsync();
        }

        return replay;
    }

    public async Task RunAsync(Subject subject, bool tasksAreGiven)
    {
        var operation = new Operation(subject.Person, DateTimeOffset.UtcNow);
        if (tasksAreGiven) operation.Tasks.AddRange(subject.Tasks);
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (command, set, takes) in steps)
        {
            foreach (var change in set) change(operation);
            command.Transaction = transaction;
            await using var reader = await command.ExecuteReaderAsync();
            do
            {
                while (await reader.ReadAsync())
                {
                    for (var i = 0; i < reader.FieldCount; i++) reader.GetValue(i);
                    if (takes && !tasksAreGiven) operation.Tasks.Add(reader.GetGuid(0));
                }
            }
            while (await reader.NextResultAsync());
        }

        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (command, _, _) in steps) await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private Action<Operation>? Changing(DbParameter parameter, DateTimeOffset startedAt, Subject recorded, WorkTown town, string? key)
    {
        if (parameter.Value is Guid id) return IdOf(id, recorded, town) is { } of ? o => parameter.Value = of(o) : null;
        if (parameter.Value is IReadOnlyList<Guid> ids)
        {
            var all = ids.Select(i => IdOf(i, recorded, town) ?? (_ => i)).ToArray();
            return o => parameter.Value = Array.ConvertAll(all, one => one(o));
        }

        if (parameter.Value is string text && Guid.TryParse(text, out var written))
            return IdOf(written, recorded, town) is { } of ? o => parameter.Value = of(o).ToString().ToUpper(CultureInfo.InvariantCulture) : null;
        if (parameter.Value is string list && parameter is SqliteParameter && list.StartsWith("[\"", StringComparison.Ordinal) && list.Length < 200 && recorded.Tasks.All(t => list.Contains(t.ToString(), StringComparison.OrdinalIgnoreCase)) && !list.Contains("answers", StringComparison.Ordinal))
            return o => parameter.Value = $"[{string.Join(',', o.Tasks.Select(t => $"\"{t.ToString().ToUpperInvariant()}\""))}]";
        if (key is not null && parameter.Value is string same && same == key) return o => parameter.Value = o.Key;
        return InstantOf(parameter, startedAt);
    }

    private Func<Operation, Guid>? IdOf(Guid id, Subject recorded, WorkTown town)
    {
        if (town.Fixed.Contains(id) || id == Guid.Empty) return null;
        if (id == recorded.Person) return o => o.Person;
        for (var i = 0; i < recorded.Tasks.Count; i++)
        {
            var at = i;
            if (recorded.Tasks[i] == id) return o => o.Tasks[at];
            if (assetOf(recorded.Tasks[i]) == id) return o => assetOf(o.Tasks[at]);
        }

        return o => o.Fresh(id);
    }

    private static Action<Operation>? InstantOf(DbParameter parameter, DateTimeOffset startedAt)
    {
        switch (parameter.Value)
        {
            case DateTimeOffset at:
                var after = at - startedAt;
                return o => parameter.Value = o.Now + after;
            case DateTime at:
                var later = at - startedAt.UtcDateTime;
                return o => parameter.Value = o.Now.UtcDateTime + later;
            case long ms when parameter is SqliteParameter && Math.Abs(ms - startedAt.ToUnixTimeMilliseconds()) < 86_400_000:
                var span = ms - startedAt.ToUnixTimeMilliseconds();
                return o => parameter.Value = o.Now.ToUnixTimeMilliseconds() + span;
            default:
                return null;
        }
    }

    private sealed class Operation(Guid person, DateTimeOffset now)
    {
        private readonly Dictionary<Guid, Guid> fresh = [];

        public Guid Person { get; } = person;

        public DateTimeOffset Now { get; } = now;

        public List<Guid> Tasks { get; } = [];

        public string Key { get; } = Guid.NewGuid().ToString();

        public Guid Fresh(Guid recorded) => fresh.TryGetValue(recorded, out var known) ? known : fresh[recorded] = Guid.CreateVersion7(Now);
    }
}
