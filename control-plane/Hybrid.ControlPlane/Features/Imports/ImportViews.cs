using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>An import as its page shows it; it waits while its agent is away, and goes on by itself.</summary>
public sealed record ImportView(
    Guid Id, Guid ConnectionId, string Prefix, ImportState State, long Listed, long Added, long Unchanged, long Changed, long Vanished, long Refused,
    int Described, int DescribedTotal, ImportError? Error, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, bool IsWaiting);

/// <summary>Why an import stopped, and what to do.</summary>
public sealed record ImportError(string Code, string Detail);

/// <summary>Shapes imports.</summary>
internal static class ImportViews
{
    public static ImportView Of(ImportJob i, int described, int total, bool isWaiting) => new(
        i.Id, i.ConnectionId, i.Prefix, i.State, i.Listed, i.Added, i.Unchanged, i.Changed, i.Vanished, i.Refused, described, total,
        i.ErrorCode is { } code ? new ImportError(code, i.ErrorDetail ?? "") : null, i.CreatedAt, i.FinishedAt, isWaiting);

    /// <summary>How many of the project's assets have their size, or will never have it.</summary>
    public static async Task<(int Described, int Total)> DescribedAsync(ControlPlaneDb db, Guid projectId, CancellationToken ct)
    {
        var assets = db.Assets.AsNoTracking().Where(a => a.ProjectId == projectId);
        return (await assets.CountAsync(a => a.Width != null || a.DescribeError != null, ct), await assets.CountAsync(ct));
    }
}
