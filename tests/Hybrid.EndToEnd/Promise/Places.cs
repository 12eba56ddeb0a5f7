using System.Data.Common;
using System.Globalization;
using System.Text;
using Hybrid.ControlPlane.Persistence;
using Hybrid.EndToEnd.Product;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.EndToEnd.Promise;

/// <summary>
/// Everywhere that a control plane could keep or show something: what it received and sent, its database, its log, its telemetry, its
/// memory. Each place says how much it searched, so that an empty place cannot pass for a clean one.
/// </summary>
internal static class Places
{
    public const string Wire = "wire";
    public const string Database = "database";
    public const string Log = "log";
    public const string Traces = "traces";
    public const string Memory = "memory";

    /// <summary>Searches all places. The control plane is ended for it, so that it flushes its telemetry.</summary>
    public static async Task<(IReadOnlyList<Finding> Found, IReadOnlyDictionary<string, long> Searched)> SearchAsync(Installation installation, SecretHunt hunt)
    {
        var searched = new Dictionary<string, long>();
        var found = new List<Finding>();
        void Look(string place, byte[] bytes)
        {
            searched[place] = searched.GetValueOrDefault(place) + bytes.Length;
            found.AddRange(hunt.Search(place, bytes));
        }

        // 1. Memory first, while it is as the work left it.
        var dump = await installation.ControlPlane.DumpAsync();
        try
        {
            searched[Memory] = new FileInfo(dump).Length;
            found.AddRange(hunt.SearchFile(Memory, dump));
        }
        finally
        {
            File.Delete(dump);
        }

        // 2. What it still holds back of its telemetry leaves it at its end.
        await installation.ControlPlane.EndAsync();
        Look(Log, Encoding.UTF8.GetBytes(installation.ControlPlane.Said));
        foreach (var body in installation.Telemetry.Of("logs")) Look(Log, body);
        foreach (var body in new[] { "traces", "metrics" }.SelectMany(installation.Telemetry.Of)) Look(Traces, body);

        // 3. The wire, as it was and without its transport.
        foreach (var direction in installation.Front.Recorded.SelectMany(r => new[] { r.ToServer, r.FromServer }))
        {
            Look(Wire, direction);
            foreach (var payload in Conversation.Payloads(direction).SelectMany(p => Inflation.Everything(p))) Look(Wire, payload);
        }

        // 4. Every column of every row, inflated; SQLite's files as they lie on disk as well (freed pages, the write-ahead log).
        await foreach (var value in ColumnsAsync(installation)) Look(Database, value);
        foreach (var file in Files(installation))
        {
            searched[Database] += new FileInfo(file).Length;
            found.AddRange(hunt.SearchFile(Database, file));
        }

        return ([.. found.Distinct()], searched);
    }

    private static string[] Files(Installation installation)
    {
        if (installation.Options.Database != DatabaseProvider.Sqlite) return [];
        var file = new SqliteConnectionStringBuilder(installation.Database.App).DataSource;
        return Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "*");
    }

    private static async IAsyncEnumerable<byte[]> ColumnsAsync(Installation installation)
    {
        await using var db = installation.OpenDatabase();
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync();
        var tables = new List<string>();
        await foreach (var row in RowsAsync(connection, installation.Options.Database == DatabaseProvider.Sqlite
            ? "select name from sqlite_master where type = 'table'"
            : "select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')")) tables.Add((string)row[0]);
        foreach (var table in tables)
        {
            await foreach (var row in RowsAsync(connection, $"select * from {(table.Contains('.', StringComparison.Ordinal) ? table : $"\"{table}\"")}"))
            {
                foreach (var value in row)
                {
                    if (value is byte[] bytes)
                    {
                        foreach (var plain in Inflation.Everything(bytes)) yield return plain;
                    }
                    else
                    {
                        yield return Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                    }
                }
            }
        }
    }

    private static async IAsyncEnumerable<object[]> RowsAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names come from the catalogue of the test's own database.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }
}
