using System.Data.Common;
using System.Globalization;
using Hybrid.ControlPlane.Persistence;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hybrid.Benchmarks.Work;

/// <summary>Puts the database back between rounds, so that every round begins with the same rows.</summary>
/// <param name="provider">The database.</param>
/// <param name="administrator">Its connection string, of a role that no policy binds.</param>
/// <param name="town">Its people and tasks.</param>
/// <param name="claim">Whether tasks are to be free, else held by the person who submits them.</param>
internal sealed class Stage(DatabaseProvider provider, string administrator, WorkTown town, bool claim) : IAsyncDisposable
{
    private readonly DbConnection connection = provider == DatabaseProvider.Postgres ? new NpgsqlConnection(administrator) : new SqliteConnection(administrator);

    /// <summary>Whose operation this is, and on which task.</summary>
    public Subject SubjectOf(int i) => new(town.People[i], [town.Tasks[i].Task]);

    public async Task ResetAsync(int operations)
    {
        if (connection.State != System.Data.ConnectionState.Open) await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var no = provider == DatabaseProvider.Postgres ? "false" : "0";
            foreach (var sql in new[]
            {
                "delete from audit_entries", "delete from label_classes", "delete from step_work", "delete from sampling_decisions", "delete from labels", "delete from tasks where step_kind = 1",
                $"update tasks set state = 0, holder_id = null, reserved = {no}, held_until = null, label_id = null, finished_by = null, finished_at = null where state <> 0 or holder_id is not null",
            })
            {
                await ExecuteAsync(sql, transaction);
            }

            if (!claim) await HoldAsync(operations, transaction);
            await transaction.CommitAsync();
        }

        if (provider == DatabaseProvider.Postgres) await ExecuteAsync("vacuum analyze", null);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task HoldAsync(int operations, DbTransaction transaction)
    {
        await using var hold = connection.CreateCommand();
        (hold.Transaction, hold.CommandText) = (transaction, "update tasks set holder_id = @person, held_until = @until where id = @task");
        var until = DateTimeOffset.UtcNow.AddMinutes(30);
        for (var i = 0; i < operations; i++)
        {
            hold.Parameters.Clear();
            Add(hold, "person", town.People[i]);
            Add(hold, "task", town.Tasks[i].Task);
            Add(hold, "until", provider == DatabaseProvider.Postgres ? until : until.ToUnixTimeMilliseconds());
            await hold.ExecuteNonQueryAsync();
        }
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        // EF keeps ids as upper-case text in SQLite.
        (parameter.ParameterName, parameter.Value) = (name, command is SqliteCommand && value is Guid id ? id.ToString().ToUpper(CultureInfo.InvariantCulture) : value);
        command.Parameters.Add(parameter);
    }

    private async Task ExecuteAsync(string sql, DbTransaction? transaction)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements stand above.
        (command.CommandText, command.Transaction, command.CommandTimeout) = (sql, transaction, 120);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
