using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Domain;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Grants;
using Hybrid.ControlPlane.Domain.Organizations;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// PostgreSQL's own isolation of organizations, made from the model (ADR 10): every table of an organization has a policy that shows the
/// rows of <c>hybrid.organization</c> alone, to its owner too. A table that is neither an organization's nor on the list of the
/// installation's own is refused, so that none is forgotten.
/// </summary>
public static class RowSecurity
{
    /// <summary>The policy of every table of an organization.</summary>
    public const string Policy = "of_organization";

    /// <summary>The owner's way to all rows, once it says so: for migrations, doors, and the move of an installation.</summary>
    public const string OwnersPolicy = "all_organizations";

    // Tables of the installation. People can belong to several organizations; what an organization knows of them is in its own tables.
    private static readonly HashSet<Type> OfInstallation =
    [
        typeof(Person), typeof(IdentityUserClaim<Guid>), typeof(IdentityUserLogin<Guid>), typeof(IdentityUserToken<Guid>), typeof(RecoveryCode), typeof(Passkey), typeof(AnsweredChallenge), typeof(KnownDevice),
        typeof(SignInDelay), typeof(PasswordResetRequest), typeof(GrantKey), typeof(DataProtectionKey),
    ];

    // The log is never taken back: entries are added, and numbered once.
    private static readonly Dictionary<Type, string> NarrowRights = new() { [typeof(AuditEntry)] = "select, insert, update (seq, leaf_hash)" };

    private static readonly string[] Secrets = ["Hash", "Secret", "Token", "Password", "Protected", "Cipher"];

    /// <summary>The column by which each table of an organization belongs to it.</summary>
    /// <exception cref="InvalidOperationException">A table is neither an organization's nor the installation's.</exception>
    public static IReadOnlyDictionary<string, string> Tables(IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in model.GetEntityTypes())
        {
            var table = type.GetTableName()!;
            if (typeof(IBelongsToOrganization).IsAssignableFrom(type.ClrType)) tables[table] = ColumnOf(type, nameof(IBelongsToOrganization.OrganizationId));
            else if (type.ClrType == typeof(Organization)) tables[table] = ColumnOf(type, nameof(Organization.Id));
            else if (!OfInstallation.Contains(type.ClrType)) throw new InvalidOperationException($"{type.ClrType.Name} belongs to no organization: let it be IBelongsToOrganization, or put it on RowSecurity's list of the installation's tables.");
        }

        return tables;
    }

    /// <summary>Brings policies, doors and rights to what the model says; touches only what differs, so that it is safe beside running replicas.</summary>
    /// <param name="db">A context of the schema's owner.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task ApplyAsync(ControlPlaneDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var model = db.GetService<IDesignTimeModel>().Model;
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var schema = (string)(await ScalarAsync(connection, "select current_schema()::text", ct))!;
        var owner = (string)(await ScalarAsync(connection, "select quote_ident(current_user)", ct))!;

        // 1. Policies.
        foreach (var (table, column) in Tables(model))
        {
            var mine = $"{column} = (select nullif(current_setting('hybrid.organization', true), '')::uuid)";
            const string all = "current_setting('hybrid.all_organizations', true) = 'on'";
            await PolicyAsync(connection, table, Policy, $"for all using ({mine}) with check ({mine})", ct);
            await PolicyAsync(connection, table, OwnersPolicy, $"for all to {owner} using ({all}) with check ({all})", ct);
            var secured = (bool)(await ScalarAsync(connection, $"select relrowsecurity and relforcerowsecurity from pg_class where oid = '{table}'::regclass", ct))!;
            if (!secured) await ExecuteAsync(connection, $"alter table {table} enable row level security, force row level security", ct);
        }

        // 2. Doors.
        foreach (var door in Doors.All)
        {
            var table = model.FindEntityType(door.Rows)!.GetTableName()!;
            // Within its own body it says what only the owner's policy hears. (A SET clause would say it shorter, but asks a superuser's leave since PostgreSQL 15.)
            await ExecuteAsync(connection, $"""
                create or replace function {door.Name}({(door.KeyType is null ? "" : "key " + door.KeyType)}) returns setof {table} language plpgsql stable security definer
                set search_path = {schema}, pg_temp
                as $door$
                declare before text := coalesce(current_setting('hybrid.all_organizations', true), '');
                begin
                  perform set_config('hybrid.all_organizations', 'on', true);
                  return query select t.* from {table} t where {door.Condition.Replace("{0}", "$1", StringComparison.Ordinal)};
                  perform set_config('hybrid.all_organizations', before, true);
                end
                $door$
                """, ct);
            await ExecuteAsync(connection, $"revoke all on function {door.Name} from public", ct);
        }

        // 3. Rights.
        foreach (var role in new[] { DatabaseRoles.App, DatabaseRoles.Reader })
        {
            if (await ScalarAsync(connection, $"select 1 from pg_roles where rolname = '{role}'", ct) is null) continue;
            await ExecuteAsync(connection, $"grant usage on schema {schema} to {role}", ct);
            await ExecuteAsync(connection, $"grant select on \"__EFMigrationsHistory\" to {role}", ct);
        }

        if (await ScalarAsync(connection, $"select 1 from pg_roles where rolname = '{DatabaseRoles.App}'", ct) is not null)
        {
            foreach (var type in model.GetEntityTypes())
                await ExecuteAsync(connection, $"grant {NarrowRights.GetValueOrDefault(type.ClrType, "select, insert, update, delete")} on {type.GetTableName()} to {DatabaseRoles.App}", ct);
            foreach (var door in Doors.All) await ExecuteAsync(connection, $"grant execute on function {door.Name} to {DatabaseRoles.App}", ct);
        }

        if (await ScalarAsync(connection, $"select 1 from pg_roles where rolname = '{DatabaseRoles.Reader}'", ct) is not null)
        {
            foreach (var type in model.GetEntityTypes().Where(t => !OfInstallation.Contains(t.ClrType)))
            {
                var open = type.GetProperties().Where(p => !Array.Exists(Secrets, s => p.Name.Contains(s, StringComparison.Ordinal))).Select(p => p.GetColumnName());
                await ExecuteAsync(connection, $"grant select ({string.Join(", ", open)}) on {type.GetTableName()} to {DatabaseRoles.Reader}", ct);
            }
        }

        await transaction.CommitAsync(ct);
    }

    // The definition's digest is kept as the policy's comment: PostgreSQL writes expressions in its own way, which says nothing of a change.
    private static async Task PolicyAsync(NpgsqlConnection connection, string table, string policy, string definition, CancellationToken ct)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition)));
        var there = await ScalarAsync(connection, $"select coalesce(obj_description(oid, 'pg_policy'), '') from pg_policy where polrelid = '{table}'::regclass and polname = '{policy}'", ct);
        if (there is string said && said == digest) return;
        if (there is not null) await ExecuteAsync(connection, $"drop policy {policy} on {table}", ct);
        await ExecuteAsync(connection, $"create policy {policy} on {table} {definition}", ct);
        await ExecuteAsync(connection, $"comment on policy {policy} on {table} is '{digest}'", ct);
    }

    private static string ColumnOf(IReadOnlyEntityType type, string property) => type.FindProperty(property)!.GetColumnName();

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        return await command.ExecuteScalarAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(ct);
    }

#pragma warning disable CA2100 // Names come from the model and from the constants of this project.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
#pragma warning restore CA2100
}
