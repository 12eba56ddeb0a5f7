using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>Whether the role that serves is bound by row-level security.</summary>
public static class Confinement
{
    /// <summary>Every reason why it is not; empty when it is, and on SQLite.</summary>
    public static async Task<IReadOnlyList<string>> GapsAsync(ControlPlaneDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (!db.Database.IsNpgsql()) return [];
        var role = await db.Database.SqlQuery<RoleFacts>($"""
            select current_user::text as "Name",
              exists (select 1 from pg_roles r where (r.rolsuper or r.rolbypassrls) and pg_has_role(current_user, r.oid, 'member')) as "Passes",
              exists (select 1 from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace and pg_has_role(current_user, c.relowner, 'member')) as "Owns"
            """).SingleAsync(ct);
        var open = await db.Database.SqlQuery<string>($"""
            select c.relname::text as "Value" from pg_class c
            where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
              and not (c.relrowsecurity and c.relforcerowsecurity and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = {RowSecurity.Policy}))
            """).ToListAsync(ct);
        var bare = open.Intersect(RowSecurity.Tables(db.Model).Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var gaps = new List<string>();
        if (role.Passes) gaps.Add($"The database's role {role.Name} is a superuser or has BYPASSRLS: row-level security does not bind it.");
        else if (role.Owns) gaps.Add($"The database's role {role.Name} owns tables: it could switch row-level security off.");
        if (bare.Count > 0) gaps.Add($"Tables without row-level security: {string.Join(", ", bare)}. Run hybrid-control-plane migrate.");
        return gaps;
    }

    private sealed record RoleFacts(string Name, bool Passes, bool Owns);
}
