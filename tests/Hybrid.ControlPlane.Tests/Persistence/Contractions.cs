using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Hybrid.ControlPlane.Tests.Persistence;

/// <summary>
/// What a migration takes away from replicas that know only the schema before it (infra/adr/0015): they read columns by name, insert without
/// those that are new, and write what was allowed.
/// </summary>
internal static class Contractions
{
    /// <summary>One sentence for each step that an old replica would stumble over.</summary>
    public static IReadOnlyList<string> In(IReadOnlyList<MigrationOperation> operations)
    {
        var made = operations.OfType<CreateTableOperation>().Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        return [.. operations.Select(o => Of(o, made)).OfType<string>()];
    }

    private static string? Of(MigrationOperation operation, HashSet<string> made) => operation switch
    {
        DropTableOperation o => $"drops table {o.Name}",
        RenameTableOperation o => $"renames table {o.Name}",
        DropColumnOperation o => $"drops column {o.Table}.{o.Name}",
        RenameColumnOperation o => $"renames column {o.Table}.{o.Name}",
        AddColumnOperation { IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null } o => $"adds {o.Table}.{o.Name} not null without a default",
        AlterColumnOperation o when Narrows(o) => $"narrows column {o.Table}.{o.Name}",
        CreateIndexOperation { IsUnique: true } o when !made.Contains(o.Table) => $"makes {o.Table}({string.Join(',', o.Columns)}) unique",
        AddUniqueConstraintOperation o when !made.Contains(o.Table) => $"makes {o.Table}({string.Join(',', o.Columns)}) unique",
        AddPrimaryKeyOperation o when !made.Contains(o.Table) => $"changes the key of {o.Table}",
        DropPrimaryKeyOperation o => $"changes the key of {o.Table}",
        AddForeignKeyOperation o when !made.Contains(o.Table) => $"binds {o.Table}({string.Join(',', o.Columns)}) to {o.PrincipalTable}",
        AddCheckConstraintOperation o when !made.Contains(o.Table) => $"checks {o.Table}: {o.Name}",
        RestartSequenceOperation o => $"restarts sequence {o.Name}",
        DropSequenceOperation o => $"drops sequence {o.Name}",
        // SQL of our own can do anything: a person has to look at it.
        SqlOperation o => $"runs SQL: {o.Sql.ReplaceLineEndings(" ")[..Math.Min(60, o.Sql.Length)]}",
        _ => null,
    };

    private static bool Narrows(AlterColumnOperation o) =>
        o.ColumnType != o.OldColumn.ColumnType && !Widens(o)
        || !o.IsNullable && o.OldColumn.IsNullable
        || o.MaxLength is { } now && (o.OldColumn.MaxLength is not { } before || now < before)
        || o.DefaultValue is null && o.DefaultValueSql is null && !o.IsNullable && (o.OldColumn.DefaultValue is not null || o.OldColumn.DefaultValueSql is not null);

    // varchar(n) to a longer one, or to text, takes what it took.
    private static bool Widens(AlterColumnOperation o) =>
        o.ClrType == typeof(string) && o.OldColumn.ClrType == typeof(string) && (o.ColumnType is "text" or "TEXT" || o.ColumnType?.StartsWith("character varying(", StringComparison.Ordinal) == true && o.OldColumn.MaxLength <= o.MaxLength);
}
