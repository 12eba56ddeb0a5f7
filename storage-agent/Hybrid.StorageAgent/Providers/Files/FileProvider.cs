using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.Files;

/// <summary>A folder. Browsers fetch from the agent itself, by URLs that the agent signed.</summary>
public sealed class FileProvider(ConnectionOptions options, string agentOrigin, FileUrls urls, TimeProvider clock) : IStorageProvider
{
    private readonly string root = Path.GetFullPath(options.Folder!);

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public string StorageOrigin => agentOrigin;

    /// <inheritdoc/>
    public ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var expires = clock.GetUtcNow() + lifetime;
        return ValueTask.FromResult(new SignedUrl(agentOrigin + urls.PathOf(Name, reference.Key, secret, expires), expires));
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct)
    {
        // Ordinal order of whole keys is what makes a cursor resumable: "everything after this key".
        var keys = Keys(prefix).Where(k => cursor is null || string.CompareOrdinal(k, cursor) > 0).Order(StringComparer.Ordinal).Take(limit + 1).ToList();
        var more = keys.Count > limit;
        if (more) keys.RemoveAt(limit);
        IReadOnlyList<ListedObject> objects = [.. keys.Select(Describe).OfType<ListedObject>()];
        return Task.FromResult((objects, more ? keys[^1] : null));
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var file = Open(reference.Key) ?? throw new StorageException("storage.not_found", "The file does not exist, or lies outside the folder.");
        var buffer = new byte[(int)Math.Min(bytes, file.Length)];
        await file.ReadExactlyAsync(buffer, ct);
        return buffer;
    }

    /// <summary>Opens a file of the folder; null when it is missing, no file, or leads out of the folder by any trick.</summary>
    public FileStream? Open(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length == 0 || key.Contains('\0', StringComparison.Ordinal) || key.Contains('\\', StringComparison.Ordinal) || Path.IsPathRooted(key)) return null;
        if (key.Split('/').Any(part => part is "" or "." or "..")) return null;
        FileStream? stream = null;
        try
        {
            stream = new FileStream(Path.Combine(root, key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
            if (IsInside(stream)) return stream;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Missing, a folder, or not ours to read: one answer for all.
        }

        stream?.Dispose();
        return null;
    }

    // The name was checked; a link in the middle can still lead out. So ask where the opened handle really points.
    private bool IsInside(FileStream stream)
    {
        var handle = $"/proc/self/fd/{stream.SafeFileHandle.DangerousGetHandle()}";
        var real = File.Exists(handle)
            ? File.ResolveLinkTarget(handle, returnFinalTarget: true)?.FullName
            : new FileInfo(stream.Name).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? stream.Name;
        var realRoot = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root;
        return real is not null && real.StartsWith(realRoot.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    private IEnumerable<string> Keys(string prefix) =>
        new System.IO.Enumeration.FileSystemEnumerable<string>(
            root,
            (ref System.IO.Enumeration.FileSystemEntry entry) => Path.GetRelativePath(root, entry.ToFullPath()).Replace('\\', '/'),
            new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint })
        {
            ShouldIncludePredicate = (ref System.IO.Enumeration.FileSystemEntry entry) => !entry.IsDirectory,
        }.Where(k => k.StartsWith(prefix, StringComparison.Ordinal));

    private ListedObject? Describe(string key)
    {
        var file = new FileInfo(Path.Combine(root, key));
        return file.Exists ? new ListedObject(key, file.Length, ETag(file.Length, file.LastWriteTimeUtc), ContentTypes.Of(key), null) : null;
    }

    /// <summary>Changes whenever length or time of the last write change.</summary>
    public static string ETag(long length, DateTime written) => $"{length:x}-{written.Ticks:x}";
}
