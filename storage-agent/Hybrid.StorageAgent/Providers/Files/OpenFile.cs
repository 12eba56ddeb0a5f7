using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.StorageAgent.Providers.Files;

/// <summary>
/// A regular file below a folder, judged by the opened handle and not by its name: between looking at a name and opening it, somebody
/// could have put a link there.
/// </summary>
public sealed class OpenFile : IDisposable
{
    // open(2). O_NONBLOCK: a named pipe with nobody at its other end must not hold the agent. Equal on x64 and arm64.
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private OpenFile(FileStream content) => Content = content;

    /// <summary>The bytes.</summary>
    public FileStream Content { get; }

    /// <summary>Length in bytes.</summary>
    public long Length => Content.Length;

    /// <summary>Time of the last write, UTC.</summary>
    public DateTime Written => File.GetLastWriteTimeUtc(Content.SafeFileHandle);

    /// <summary>Opens a file; null when it is missing, not ours to read, no regular file, or leads out of the folder by any trick.</summary>
    public static OpenFile? TryOpen(string root, string key)
    {
        if (!ObjectKey.IsPlain(key) || key.Split('/').Contains("")) return null;
        SafeFileHandle? handle = null;
        try
        {
            handle = Handle(Path.Combine(root, key));
            using var folder = Handle(root);
            if (handle.IsInvalid || folder.IsInvalid || !RealPath(handle).StartsWith(RealPath(folder).TrimEnd('/') + "/", StringComparison.Ordinal)) return null;
            if ((File.GetAttributes(handle) & FileAttributes.Directory) != 0) return null;
            var content = new FileStream(handle, FileAccess.Read, 64 * 1024, handle.IsAsync);
            // Only regular files can be sought in: pipes and sockets fall out here.
            if (!content.CanSeek) return null;
            handle = null;
            return new OpenFile(content);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Gone in the meantime, or a kind of file that is not for reading: one answer for all.
            return null;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();

    private static SafeFileHandle Handle(string path) => new(Open(path, ReadOnly | NonBlocking | CloseOnExec), ownsHandle: true);

    // The kernel's own answer to where a descriptor points; holds no link any more.
    private static string RealPath(SafeFileHandle handle) => File.ResolveLinkTarget($"/proc/self/fd/{handle.DangerousGetHandle()}", returnFinalTarget: false)!.FullName;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
