using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// Adds many new rows of one entity within the context's open transaction, past the change tracker, as the model maps them: by one statement in
/// PostgreSQL, by one prepared statement for each row in SQLite.
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
        if (db.Database.GetDbConnection() is NpgsqlConnection postgres) await UnnestAsync(postgres, table.Name, columns, rows, ct);
        else await InsertAsync(db, table.Name, columns, rows, ct);
    }

    // COPY would be shorter, but PostgreSQL refuses it where row-level security binds the role.
    private static async Task UnnestAsync<T>(NpgsqlConnection connection, string table, List<Column> columns, IReadOnlyList<T> rows, CancellationToken ct)
        where T : class
    {
        await using var command = connection.CreateCommand();
        var (names, arrays) = (string.Join(", ", columns.Select(c => $"\"{c.Name}\"")), string.Join(", ", columns.Select((c, i) => $"${i + 1}::{c.SentAs}[]")));
#pragma warning disable CA2100 // Names come from the model.
        command.CommandText = $"insert into \"{table}\" ({names}) select {string.Join(", ", columns.Select((c, i) => c.From($"r.c{i}")))} from unnest({arrays}) as r({string.Join(", ", columns.Select((_, i) => $"c{i}"))})";
#pragma warning restore CA2100
        foreach (var column in columns) command.Parameters.Add(new NpgsqlParameter { Value = column.ValuesOf(rows), DataTypeName = column.SentAs + "[]" });
        await command.ExecuteNonQueryAsync(ct);
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
        // unnest lays lists within lists out flat: a list goes as JSON and is put together over there. (SQLite keeps it as JSON anyway.)
        private bool IsList => Mapping.StoreType.EndsWith("[]", StringComparison.Ordinal);

        /// <summary>PostgreSQL's type of the values as they are sent.</summary>
        public string SentAs => IsList ? "text" : Mapping.StoreTypeNameBase;

        /// <summary>The column's value, from the value that was sent.</summary>
        public string From(string sent) => IsList ? $"case when {sent} is null then null else array(select jsonb_array_elements_text({sent}::jsonb))::{Mapping.StoreType} end" : sent;

        /// <summary>The column's values as one array, nulls included.</summary>
        public Array ValuesOf<T>(IReadOnlyList<T> rows)
            where T : class
        {
            var type = IsList ? typeof(string) : Mapping.Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(Property.ClrType) ?? Property.ClrType;
            if (type.IsEnum) type = Enum.GetUnderlyingType(type);
            var values = Array.CreateInstance(type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type, rows.Count);
            for (var i = 0; i < rows.Count; i++) values.SetValue(ValueOf(rows[i]), i);
            return values;
        }

        public object? ValueOf(object row)
        {
            var value = Property.PropertyInfo!.GetValue(row);
            if (IsList) return value is null ? null : JsonSerializer.Serialize(value, value.GetType());
            if (value is not null && Mapping.Converter is { } converter) value = converter.ConvertToProvider(value);
            return value is Enum chosen ? Convert.ChangeType(chosen, Enum.GetUnderlyingType(chosen.GetType()), System.Globalization.CultureInfo.InvariantCulture) : value;
        }
    }
}
