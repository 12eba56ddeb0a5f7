using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>What a table held, on both sides.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Digest">Lower-case hex: the sum, modulo 2^256, of the SHA-256 of every row, so that the order of rows does not matter.</param>
public sealed record MovedTable(string Table, long Rows, string Digest);

/// <summary>
/// Copies an installation from SQLite to PostgreSQL, every table in the order of its references: 1 the target is migrated and must be
/// empty; 2 all rows are copied in one transaction, while nobody can write to the source; 3 both sides are read and compared; 4 only then
/// is it committed.
/// </summary>
public static class InstallationMove
{
    private const int Batch = 1000;

    /// <summary>Moves.</summary>
    /// <param name="from">SQLite, at this version's schema.</param>
    /// <param name="to">PostgreSQL, reached as the schema's owner.</param>
    /// <param name="ct">Cancels; nothing is left in the target then.</param>
    /// <returns>Every table; or why nothing was moved.</returns>
    public static async Task<(IReadOnlyList<MovedTable> Tables, string? Refusal)> RunAsync(DatabaseOptions from, DatabaseOptions to, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        await using var source = from.Open();
        if (await Schema.RefusalAsync(source, ct) is { } newer) return ([], newer);
        if ((await source.Database.GetPendingMigrationsAsync(ct)).Any()) return ([], "The source has not this version's schema: start this version on it once, or run hybrid-control-plane migrate.");

        // 1
        if ((await Schema.MigrateAsync(to, ct)).Refusal is { } refusal) return ([], refusal);
        await using var target = to.Open();
        await using var writing = await target.Database.BeginTransactionAsync(ct);
        await target.Database.ExecuteSqlAsync($"select set_config('hybrid.all_organizations', 'on', true)", ct);
        var types = TableOrder.Of(target.Model);
        foreach (var type in types)
        {
            if (await AnyAsync(target, type, ct)) return ([], $"The target is not empty ({type.GetTableName()}): give a database of its own. Nothing was moved.");
        }

        // 2
        await using var reading = await source.Database.BeginTransactionAsync(ct);
        var moved = new List<MovedTable>();
        foreach (var type in types) moved.Add(await CopyAsync(source, target, type, ct));

        // 3
        foreach (var (type, table) in types.Zip(moved))
        {
            var arrived = await TallyAsync(target, type, _ => Task.CompletedTask, ct);
            if (arrived != table) return ([], $"{table.Table} did not arrive as it was ({table.Rows} rows {table.Digest}, then {arrived.Rows} rows {arrived.Digest}). Nothing was moved.");
        }

        // 4
        await writing.CommitAsync(ct);
        return (moved, null);
    }

    /// <summary>What every table holds; to compare two databases by.</summary>
    public static async Task<IReadOnlyList<MovedTable>> TallyAsync(ControlPlaneDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var tables = new List<MovedTable>();
        foreach (var type in TableOrder.Of(db.Model)) tables.Add(await TallyAsync(db, type, _ => Task.CompletedTask, ct));
        return tables;
    }

    private static Task<MovedTable> CopyAsync(ControlPlaneDb source, ControlPlaneDb target, IEntityType type, CancellationToken ct) => CallAsync<MovedTable>(nameof(CopyRowsAsync), type, source, target, type, ct);

    private static Task<bool> AnyAsync(ControlPlaneDb db, IEntityType type, CancellationToken ct) => CallAsync<bool>(nameof(AnyRowsAsync), type, db, ct);

    private static Task<MovedTable> TallyAsync(ControlPlaneDb db, IEntityType type, Func<object, Task> each, CancellationToken ct) => CallAsync<MovedTable>(nameof(TallyRowsAsync), type, db, type, each, ct);

    private static Task<TResult> CallAsync<TResult>(string method, IEntityType type, params object[] arguments) =>
        (Task<TResult>)typeof(InstallationMove).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type.ClrType).Invoke(null, arguments)!;

    private static Task<bool> AnyRowsAsync<T>(ControlPlaneDb db, CancellationToken ct)
        where T : class => db.Set<T>().IgnoreQueryFilters().AnyAsync(ct);

    private static async Task<MovedTable> CopyRowsAsync<T>(ControlPlaneDb source, ControlPlaneDb target, IEntityType type, CancellationToken ct)
        where T : class
    {
        var batch = new List<T>(Batch);
        var table = await TallyRowsAsync<T>(source, type, async rows =>
        {
            batch.Add((T)rows);
            if (batch.Count < Batch) return;
            await BulkInsert.AddAsync(target, batch, ct);
            batch.Clear();
        }, ct);
        await BulkInsert.AddAsync(target, batch, ct);

        // Numbers that the database gives go on after those that came along.
        foreach (var property in type.GetProperties().Where(p => p.ClrType == typeof(int) && p.ValueGenerated == ValueGenerated.OnAdd && p.IsPrimaryKey()))
        {
#pragma warning disable EF1002 // Names come from the model.
            await target.Database.ExecuteSqlRawAsync($"select setval(pg_get_serial_sequence('{table.Table}', '{property.GetColumnName()}'), coalesce(max({property.GetColumnName()}), 0) + 1, false) from {table.Table}", ct);
#pragma warning restore EF1002
        }

        return table;
    }

    private static async Task<MovedTable> TallyRowsAsync<T>(ControlPlaneDb db, IEntityType type, Func<object, Task> each, CancellationToken ct)
        where T : class
    {
        var properties = type.GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.PropertyInfo ?? throw new InvalidOperationException($"{type.ClrType.Name}.{p.Name} is no property of the class.")).ToList();
        var (rows, sum) = (0L, BigInteger.Zero);
        await foreach (var row in db.Set<T>().IgnoreQueryFilters().AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
        {
            rows++;
            sum += new BigInteger(DigestOf(row, properties), isUnsigned: true, isBigEndian: true);
            await each(row);
        }

        return new MovedTable(type.GetTableName()!, rows, (sum % BigInteger.Pow(2, 256)).ToString("x64", CultureInfo.InvariantCulture)[^64..]);
    }

    // Every value with its length, so that no two rows read alike.
    private static byte[] DigestOf(object row, List<PropertyInfo> properties)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var property in properties)
        {
            var bytes = property.GetValue(row) switch
            {
                null => null,
                byte[] raw => raw,
                DateTimeOffset at => Encoding.UTF8.GetBytes(at.UtcTicks.ToString(CultureInfo.InvariantCulture)),
                Enum chosen => Encoding.UTF8.GetBytes(chosen.ToString("D")),
                // Every element with its own text: a list's name would stand for any list.
                IEnumerable list and not string => JsonSerializer.SerializeToUtf8Bytes(list.Cast<object>().Select(x => Convert.ToString(x, CultureInfo.InvariantCulture))),
                var value => Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            };
            BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
            digest.AppendData(length);
            if (bytes is not null) digest.AppendData(bytes);
        }

        return digest.GetHashAndReset();
    }
}
