using System.Globalization;
using Hybrid.Contracts.Link;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.OpaqueKeys;

/// <summary>Lists a connection with opaque keys: all of its prefixes, one after the other, without telling any of them.</summary>
public sealed class OpaqueListing(OpaqueNames names)
{
    private const string Glob = "*.";
    private const int LongestGlob = 10;

    /// <summary>Whether a filter tells no more than the media types do: <c>*.png</c>, and nothing that could ask for a name.</summary>
    public static bool IsHarmless(string glob)
    {
        ArgumentNullException.ThrowIfNull(glob);
        return glob.StartsWith(Glob, StringComparison.Ordinal) && glob.Length > Glob.Length && glob.Length <= LongestGlob && glob.Skip(Glob.Length).All(char.IsAsciiLetterOrDigit);
    }

    /// <summary>One page with its real names, which the map knows from now on; null when the cursor is none of ours.</summary>
    /// <exception cref="StorageException">The store refused or failed.</exception>
    public async Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)?> PageAsync(AgentConnection connection, string? cursor, int limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var prefixes = PrefixesOf(connection.Options);
        var (at, inner) = (0, (string?)null);
        if (cursor is not null)
        {
            if (names.Unseal(cursor)?.Split('\n', 2) is not [var index, var rest] || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out at) || at >= prefixes.Count) return null;
            inner = rest.Length == 0 ? null : rest;
        }

        var (objects, next) = await connection.Provider.ListAsync(prefixes[at], inner, limit, ct);
        names.Keep(connection.Options.Name, objects.Select(o => o.Key));
        if (next is null && ++at == prefixes.Count) return (objects, null);
        return (objects, names.Seal(string.Create(CultureInfo.InvariantCulture, $"{at}\n{next}")));
    }

    /// <summary>The same objects as the control plane gets them. Their order says nothing of their names.</summary>
    public IReadOnlyList<ListedObject> Veil(string connection, IEnumerable<ListedObject> objects) =>
        [.. objects.Select(o => o with { Key = names.NameOf(connection, o.Key), Etag = names.TagOf(connection, o.Etag) }).OrderBy(o => o.Key, StringComparer.Ordinal)];

    // A prefix within another would list its objects twice.
    private static List<string> PrefixesOf(ConnectionOptions connection) => connection.Prefixes.Count == 0
        ? [""]
        : [.. connection.Prefixes.Distinct(StringComparer.Ordinal).Where(p => !connection.Prefixes.Any(other => other != p && p.StartsWith(other, StringComparison.Ordinal)))];
}
