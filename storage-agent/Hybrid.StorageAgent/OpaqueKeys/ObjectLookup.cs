using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.OpaqueKeys;

/// <summary>What a reference of the control plane means here.</summary>
/// <param name="Connection">Its connection, or null when there is none of this name.</param>
/// <param name="Object">The object by its real name; as it came where that is not known.</param>
/// <param name="IsKnown">False when it is an opaque name that the map does not have.</param>
public readonly record struct FoundObject(AgentConnection? Connection, ObjectReference Object, bool IsKnown);

/// <summary>Finds connection and real name of a reference.</summary>
public sealed class ObjectLookup(ConnectionTable connections, OpaqueNames names, MapRebuild rebuild)
{
    /// <summary>What is told of a name that the map does not have.</summary>
    public static readonly UrlRefusal Unknown = new("opaque.unknown", "The storage agent does not know this object's name. It looks through the storage now: try again in a few minutes. If it stays so, the object is not there any more.");

    /// <summary>Connection and real name.</summary>
    public FoundObject Find(ObjectReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var connection = connections.Find(reference.Connection);
        if (connection is not { Options.OpaqueKeys: true }) return new FoundObject(connection, reference, true);
        // A name of another connection is none of this one.
        if (names.Find(reference.Key) is { } found && found.Connection == reference.Connection) return new FoundObject(connection, reference with { Key = found.Key }, true);
        rebuild.Miss(reference.Connection);
        return new FoundObject(connection, reference, false);
    }
}
