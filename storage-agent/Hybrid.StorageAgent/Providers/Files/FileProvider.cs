using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.Files;

/// <summary>A folder. Browsers fetch from the agent itself, by URLs that the agent signed.</summary>
public sealed class FileProvider : IStorageProvider
{
    // Listings that go on at once are not begun anew at each page; four are more than the control plane asks for at a time.
    private const int OpenWalks = 4;

    private readonly string root;
    private readonly string agentOrigin;
    private readonly AgentUrls urls;
    private readonly TimeProvider clock;
    private readonly StorageCall call;
    private readonly FolderWalk walk;
    private readonly Lock gate = new();
    private readonly List<(string Prefix, string Cursor, IEnumerator<string> Keys)> open = [];

    /// <summary>Prepares the connection; nothing is read yet.</summary>
    public FileProvider(ConnectionOptions options, string agentOrigin, AgentUrls urls, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Name, this.agentOrigin, this.urls, this.clock) = (options.Name, agentOrigin, urls, clock);
        root = Path.GetFullPath(options.Folder!);
        call = new StorageCall(options.Timeout, clock, "folder");
        walk = new FolderWalk(root);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string StorageOrigin => agentOrigin;

    /// <inheritdoc/>
    public IReadOnlyList<CircuitBreaker> Breakers => [call.Breaker];

    /// <inheritdoc/>
    public ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        var expires = clock.GetUtcNow() + lifetime;
        return ValueTask.FromResult(new SignedUrl(agentOrigin + urls.PathOf(Name, reference.Key, null, contentType, secret, expires), expires));
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) =>
        AskAsync(() => Page(prefix, cursor, limit), ct);

    /// <inheritdoc/>
    public Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return AskAsync(
            () =>
            {
                ObjectKey.ThrowUnlessPlain(reference.Key);
                using var file = OpenFile.TryOpen(root, reference.Key) ?? throw Missing();
                var buffer = new byte[(int)Math.Min(bytes, file.Length)];
                var read = file.Content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                return read == buffer.Length ? buffer : buffer[..read];
            },
            ct);
    }

    /// <summary>Opens a file of the folder; null when it is missing, no file, or leads out of the folder by any trick.</summary>
    /// <exception cref="StorageException">The folder does not answer in time.</exception>
    public Task<OpenFile?> OpenAsync(string key, CancellationToken ct) => AskAsync(() => OpenFile.TryOpen(root, key), ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (_, _, keys) in open) keys.Dispose();
            open.Clear();
        }
    }

    /// <summary>Changes whenever length or time of the last write change.</summary>
    public static string ETag(long length, DateTime written) => $"{length:x}-{written.Ticks:x}";

    private static StorageException Missing() => new("storage.not_found", "The file does not exist, or lies outside the folder. Check its name; it may have been moved or deleted.");

    // A network folder that hangs holds a thread of the pool, never the asker.
    private Task<T> AskAsync<T>(Func<T> read, CancellationToken ct) => call.AskAsync(
        token => Task.Run(read, token),
        failed => failed switch
        {
            DirectoryNotFoundException => new StorageException("storage.not_found", "The connection's folder is not there any more: is the drive mounted?", failed),
            UnauthorizedAccessException => new StorageException("storage.forbidden", "The agent may not read the connection's folder: give its user read access.", failed),
            IOException => new StorageException("storage.failed", "The folder could not be read. Check the drive, then try again.", failed),
            _ => null,
        },
        ct);

    private (IReadOnlyList<ListedObject> Objects, string? Cursor) Page(string prefix, string? cursor, int limit)
    {
        var keys = Resume(prefix, cursor) ?? walk.Keys(prefix, cursor).GetEnumerator();
        var objects = new List<ListedObject>(limit);
        string? last = cursor;
        while (objects.Count < limit)
        {
            if (!keys.MoveNext())
            {
                keys.Dispose();
                return (objects, null);
            }

            last = keys.Current;
            if (Describe(last) is { } listed) objects.Add(listed);
        }

        Keep(prefix, last!, keys);
        return (objects, last);
    }

    private IEnumerator<string>? Resume(string prefix, string? cursor)
    {
        lock (gate)
        {
            var at = open.FindIndex(w => w.Prefix == prefix && w.Cursor == cursor);
            if (at < 0) return null;
            var found = open[at].Keys;
            open.RemoveAt(at);
            return found;
        }
    }

    private void Keep(string prefix, string cursor, IEnumerator<string> keys)
    {
        lock (gate)
        {
            if (open.Count == OpenWalks)
            {
                open[0].Keys.Dispose();
                open.RemoveAt(0);
            }

            open.Add((prefix, cursor, keys));
        }
    }

    private ListedObject? Describe(string key)
    {
        var file = new FileInfo(Path.Combine(root, key));
        return file.Exists ? new ListedObject(key, file.Length, ETag(file.Length, file.LastWriteTimeUtc), ContentTypes.Of(key), null) : null;
    }
}
