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

    // COPY would be shorter, but PostgreSQL refuses it where row-level security binds the role. A column whose rows all agree is sent once:
    // of most entities those are most columns.
    private static async Task UnnestAsync<T>(NpgsqlConnection connection, string table, List<Column> columns, IReadOnlyList<T> rows, CancellationToken ct)
        where T : class
    {
        await using var command = connection.CreateCommand();
        var (chosen, arrays, parts) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var column in columns)
        {
            var values = column.ValuesOf(rows);
            var sent = $"${command.Parameters.Count + 1}::{column.SentAs}";
            // Without any array there would be no rows.
            if (command.Parameters.Count > 0 && AllAgree(values))
            {
                command.Parameters.Add(new NpgsqlParameter { Value = values[0] ?? DBNull.Value, DataTypeName = column.SentAs });
                chosen.Add(column.From(sent));
                continue;
            }

            command.Parameters.Add(new NpgsqlParameter { Value = column.ArrayOf(values), DataTypeName = column.SentAs + "[]" });
            parts.Add($"c{arrays.Count}");
            arrays.Add(sent + "[]");
            chosen.Add(column.From("r." + parts[^1]));
        }

#pragma warning disable CA2100 // Names come from the model.
        command.CommandText = $"insert into \"{table}\" ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) select {string.Join(", ", chosen)} from unnest({string.Join(", ", arrays)}) as r({string.Join(", ", parts)})";
#pragma warning restore CA2100
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
        var changing = new List<(SqliteParameter Parameter, object?[] Values)>();
        foreach (var column in columns)
        {
            var values = column.ValuesOf(rows);
            var parameter = new SqliteParameter { ParameterName = $"@p{command.Parameters.Count}", Value = values[0] ?? DBNull.Value };
            command.Parameters.Add(parameter);
            if (!AllAgree(values)) changing.Add((parameter, values));
        }

        await command.PrepareAsync(ct);
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (var (parameter, values) in changing) parameter.Value = values[row] ?? DBNull.Value;
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private static bool AllAgree(object?[] values) => Array.TrueForAll(values, v => Equals(v, values[0]));

    private sealed record Column(string Name, RelationalTypeMapping Mapping, IProperty Property)
    {
        private readonly IClrPropertyGetter getter = Property.GetGetter();

        // unnest lays lists within lists out flat: a list goes as JSON and is put together over there. (SQLite keeps it as JSON anyway.)
        private bool IsList => Mapping.StoreType.EndsWith("[]", StringComparison.Ordinal);

        /// <summary>PostgreSQL's type of the values as they are sent.</summary>
        public string SentAs => IsList ? "text" : Mapping.StoreTypeNameBase;

        /// <summary>The column's value, from the value that was sent.</summary>
        public string From(string sent) => IsList ? $"case when {sent} is null then null else array(select jsonb_array_elements_text(({sent})::jsonb))::{Mapping.StoreType} end" : sent;

        /// <summary>The column's values, one for each row.</summary>
        public object?[] ValuesOf<T>(IReadOnlyList<T> rows)
            where T : class => [.. rows.Select(row => ValueOf(row))];

        /// <summary>Values as an array of the type that is sent.</summary>
        public Array ArrayOf(object?[] values)
        {
            var type = IsList ? typeof(string) : Mapping.Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(Property.ClrType) ?? Property.ClrType;
            if (type.IsEnum) type = Enum.GetUnderlyingType(type);
            var array = Array.CreateInstance(type.IsValueType && values.Contains(null) ? typeof(Nullable<>).MakeGenericType(type) : type, values.Length);
            for (var i = 0; i < values.Length; i++) array.SetValue(values[i], i);
            return array;
        }

        private object? ValueOf(object row)
        {
            var value = getter.GetClrValue(row);
            if (IsList) return value is null ? null : JsonSerializer.Serialize(value, value.GetType());
            if (value is not null && Mapping.Converter is { } converter) value = converter.ConvertToProvider(value);
            return value is Enum chosen ? Convert.ChangeType(chosen, Enum.GetUnderlyingType(chosen.GetType()), System.Globalization.CultureInfo.InvariantCulture) : value;
        }
    }
}
