using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Contracts.Urls;

namespace Hybrid.Contracts.Link;

/// <summary>Names of the link's methods, and its limits.</summary>
public static class LinkMethods
{
    /// <summary>Agent → control plane: version and connections.</summary>
    public const string Hello = "Hello";

    /// <summary>Control plane → agent: try a connection.</summary>
    public const string Probe = "Probe";

    /// <summary>Control plane → agent: one page of a listing.</summary>
    public const string List = "List";

    /// <summary>Control plane → agent: sizes of pictures from their headers.</summary>
    public const string Describe = "Describe";

    /// <summary>Control plane → agent: a browser's request for URLs, by the relay.</summary>
    public const string Urls = "Urls";

    /// <summary>Path of the hub.</summary>
    public const string Path = "/agent/v1/link";

    /// <summary>
    /// The protocol that this version speaks. It rises only when the other side could misunderstand a message: what is merely added, the
    /// other side leaves out or never asks for (storage-agent/PROTOCOL.md).
    /// </summary>
    public const int Protocol = 1;

    /// <summary>The oldest protocol that this version still speaks: the one before, once there is one.</summary>
    public const int OldestProtocol = 1;

    /// <summary>Largest message in bytes, either way.</summary>
    public const int MaxMessageBytes = 272 * 1024;
}

/// <summary>What an agent says of itself after connecting.</summary>
/// <param name="Version">Software version.</param>
/// <param name="AgentUrl">Where browsers reach it; null: by the relay alone.</param>
/// <param name="Connections">Its connections; at most 100.</param>
/// <param name="Protocol">The newest protocol that it speaks; 1 from an agent that does not tell.</param>
/// <param name="OldestProtocol">The oldest one.</param>
public sealed record AgentHello(string Version, string? AgentUrl, IReadOnlyList<ConnectionDescription> Connections, int Protocol = 1, int OldestProtocol = 1);

/// <summary>A connection as the agent describes it; never a credential.</summary>
/// <param name="Name">Name in the agent's own file.</param>
/// <param name="Provider">s3, azure-blob, gcs or file.</param>
/// <param name="Delivery">presigned or proxy.</param>
/// <param name="StorageOrigin">Origin that browsers fetch bytes from.</param>
/// <param name="Prefixes">Allowed key prefixes; empty = all.</param>
/// <param name="MaxUrlSeconds">Longest URL lifetime.</param>
/// <param name="OpaqueKeys">Whether object names stay with the agent.</param>
/// <param name="Weaknesses">Codes of what its URLs fall short in, e.g. <c>url.header_unbound</c>; null from an agent that does not tell.</param>
public sealed record ConnectionDescription(
    string Name, string Provider, string Delivery, string StorageOrigin, IReadOnlyList<string> Prefixes, int MaxUrlSeconds, bool OpaqueKeys, IReadOnlyList<string>? Weaknesses = null);

/// <summary>The control plane's answer to a hello.</summary>
/// <param name="Protocol">The protocol that both speak from now on, from 1: the newest one that both know.</param>
/// <param name="Statements">The chain of grant key statements (JWS).</param>
public sealed record HelloAnswer(int Protocol, IReadOnlyList<string> Statements);

/// <summary>Asks the agent to try a connection.</summary>
/// <param name="Connection">Its name.</param>
public sealed record ProbeRequest(string Connection);

/// <summary>How the try went.</summary>
/// <param name="Ok">True when listing and signing work.</param>
/// <param name="Code">Stable code when not.</param>
/// <param name="Detail">What to do.</param>
/// <param name="Milliseconds">How long the store took.</param>
public sealed record ProbeResult(bool Ok, string? Code, string? Detail, int Milliseconds);

/// <summary>Asks for one page of a listing.</summary>
/// <param name="Connection">Connection's name.</param>
/// <param name="Prefix">Only keys that begin so.</param>
/// <param name="Cursor">From the page before; null for the first.</param>
/// <param name="Limit">1–1000 objects.</param>
/// <param name="Include">Globs; empty = all.</param>
/// <param name="Exclude">Globs.</param>
public sealed record ListRequest(
    string Connection, string Prefix, string? Cursor, int Limit, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude);

/// <summary>One page of a listing.</summary>
/// <param name="Objects">Objects in the order of their keys.</param>
/// <param name="Cursor">For the next page; null at the end.</param>
/// <param name="Error">Why there is no page.</param>
public sealed record ListPage(IReadOnlyList<ListedObject> Objects, string? Cursor, UrlRefusal? Error);

/// <summary>One object of a listing.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Etag">Entity tag.</param>
/// <param name="MediaType">By extension, or sniffed.</param>
/// <param name="Version">Object version, when the store tells it.</param>
public sealed record ListedObject(string Key, long Size, string? Etag, string MediaType, string? Version);

/// <summary>Asks for the sizes of at most 50 pictures.</summary>
/// <param name="Objects">The objects.</param>
public sealed record DescribeRequest(IReadOnlyList<ObjectReference> Objects);

/// <summary>Sizes of pictures.</summary>
/// <param name="Objects">In the order of the request.</param>
public sealed record DescribeResult(IReadOnlyList<DescribedObject> Objects);

/// <summary>A picture's size from its header.</summary>
/// <param name="Object">The object.</param>
/// <param name="Width">Pixels after EXIF orientation.</param>
/// <param name="Height">Pixels after EXIF orientation.</param>
/// <param name="Orientation">EXIF orientation, 1–8.</param>
/// <param name="Error">Code, when the header could not be read.</param>
public sealed record DescribedObject(ObjectReference Object, int? Width, int? Height, int? Orientation, string? Error);

/// <summary>A browser's request for URLs as the relay hands it on: nothing of it is read on the way.</summary>
/// <param name="Body">The JSON of <see cref="UrlRequest"/>, byte for byte as it came.</param>
public sealed record RelayedRequest([property: JsonConverter(typeof(RawJsonConverter))] string Body);

/// <summary>The agent's answer, which the relay hands back and cannot open.</summary>
/// <param name="Status">Status that the agent would have answered by the direct road.</param>
/// <param name="Body">The sealed answer (compact JWE); with a status other than 200 a problem's JSON, which nothing vouches for.</param>
public sealed record RelayedAnswer(int Status, string Body);

/// <summary>Carries JSON inside JSON as it stands: escaped as text it would outgrow the message's limit.</summary>
public sealed class RawJsonConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(value);
    }
}
