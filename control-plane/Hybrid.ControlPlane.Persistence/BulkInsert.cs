using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// Adds many new rows of one entity within the context's open transaction, past the change tracker, as the model maps them: by COPY in
/// PostgreSQL, by one prepared statement in SQLite.
/// </summary>
public static class BulkInsert
{
    /// <summary>Adds the rows; the context does not know them afterwards.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <exception cref="PostgresException">A row breaks a rule of the database; the transaction is lost.</exception>
    /// <exception cref="SqliteException">The same in SQLite.</exception>
    public static async Task AddAsync<T>(ControlPlaneDb db, IReadOnlyList<T> rows, CancellationToken ct)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) return;
        var type = db.Model.FindEntityType(typeof(T))!;
        var table = StoreObjectIdentifier.Create(type, StoreObjectType.Table)!.Value;
        var columns = type.GetProperties().Select(p => new Column(p.GetColumnName(table)!, p.GetRelationalTypeMapping(), p)).ToList();
        if (db.Database.GetDbConnection() is NpgsqlConnection postgres) await CopyAsync(postgres, table.Name, columns, rows, ct);
        else await InsertAsync(db, table.Name, columns, rows, ct);
    }

    private static async Task CopyAsync<T>(NpgsqlConnection connection, string table, List<Column> columns, IReadOnlyList<T> rows, CancellationToken ct)
        where T : class
    {
        var names = string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
        await using var copy = await connection.BeginBinaryImportAsync($"copy \"{table}\" ({names}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            foreach (var column in columns)
            {
                if (column.ValueOf(row) is { } value) await copy.WriteAsync(value, column.Mapping.StoreTypeNameBase, ct);
                else await copy.WriteNullAsync(ct);
            }
        }

        await copy.CompleteAsync(ct);
    }

    private static async Task InsertAsync<T>(ControlPlaneDb db, string table, List<Column> columns, IReadOnlyList<T> rows, CancellationToken ct)
        where T : class
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
#pragma warning disable CA2100 // Names come from the model.
        command.CommandText = $"insert into \"{table}\" ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) values ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
#pragma warning restore CA2100
        for (var i = 0; i < columns.Count; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
        await command.PrepareAsync(ct);
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++) command.Parameters[i].Value = columns[i].ValueOf(row) ?? DBNull.Value;
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private sealed record Column(string Name, RelationalTypeMapping Mapping, IProperty Property)
    {
        public object? ValueOf(object row)
        {
            var value = Property.PropertyInfo!.GetValue(row);
            if (value is not null && Mapping.Converter is { } converter) value = converter.ConvertToProvider(value);
            return value is Enum chosen ? Convert.ChangeType(chosen, Enum.GetUnderlyingType(chosen.GetType()), System.Globalization.CultureInfo.InvariantCulture) : value;
        }
    }
}
