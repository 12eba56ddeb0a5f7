using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// A query of the hot path, translated once: building its expression and finding the translation again costs more than running it
/// (measured: a third of a claim). A compiled query belongs to one model, and a process may hold two (SQLite and PostgreSQL in tests).
/// </summary>
/// <typeparam name="TQuery">The delegate of <c>EF.CompileAsyncQuery</c>.</typeparam>
/// <param name="compile">Compiles it.</param>
public sealed class HotQuery<TQuery>(Func<TQuery> compile)
    where TQuery : Delegate
{
    private readonly ConditionalWeakTable<IModel, TQuery> compiled = [];

    /// <summary>The query for the context's model.</summary>
    public TQuery In(ControlPlaneDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return compiled.GetValue(db.Model, _ => compile());
    }
}
