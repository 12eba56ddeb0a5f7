using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>The order in which tables can be filled; backwards, in which they can be emptied.</summary>
public static class TableOrder
{
    /// <summary>Every table after those that it refers to.</summary>
    /// <exception cref="InvalidOperationException">Tables refer to each other in a circle.</exception>
    public static IReadOnlyList<IEntityType> Of(IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var order = new List<IEntityType>();
        var waiting = model.GetEntityTypes().OrderBy(t => t.GetTableName(), StringComparer.Ordinal).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(t => t.GetForeignKeys().All(k => k.PrincipalEntityType == t || order.Contains(k.PrincipalEntityType)))
                ?? throw new InvalidOperationException($"Tables refer to each other in a circle: {string.Join(", ", waiting.Select(t => t.GetTableName()))}.");
            order.Add(next);
            waiting.Remove(next);
        }

        return order;
    }
}
