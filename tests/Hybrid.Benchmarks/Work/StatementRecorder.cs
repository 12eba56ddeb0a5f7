using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Hybrid.Benchmarks.Work;

/// <summary>Keeps the statements that an operation of the product really runs, with the values of their parameters.</summary>
internal sealed class StatementRecorder : DbCommandInterceptor
{
    /// <summary>What was run since the last <see cref="Begin"/>, in order.</summary>
    public List<DbCommand> Statements { get; } = [];

    public DateTimeOffset StartedAt { get; private set; }

    public void Begin()
    {
        Statements.Clear();
        StartedAt = DateTimeOffset.UtcNow;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Keep(command);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Keep(command);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Keep(command);
        return ValueTask.FromResult(result);
    }

    /// <summary>A copy that belongs to no connection.</summary>
    public static DbCommand Copy(DbCommand command)
    {
        // Clone() of a command takes its transaction along, which is over by now.
        if (command is NpgsqlCommand)
        {
            var npgsql = new NpgsqlCommand(command.CommandText);
            foreach (NpgsqlParameter p in command.Parameters) npgsql.Parameters.Add(p.Clone());
            return npgsql;
        }

        var sqlite = new SqliteCommand(command.CommandText);
        foreach (SqliteParameter p in command.Parameters) sqlite.Parameters.Add(new SqliteParameter { ParameterName = p.ParameterName, Value = p.Value });
        return sqlite;
    }

    private void Keep(DbCommand command)
    {
        // The settings of a new SQLite connection belong to no operation.
        if (!command.CommandText.StartsWith("pragma", StringComparison.Ordinal)) Statements.Add(Copy(command));
    }
}
