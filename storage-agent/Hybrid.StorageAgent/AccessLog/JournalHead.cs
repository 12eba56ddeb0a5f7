using System.Globalization;
using System.Text;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>
/// The file <c>head</c> beside the log: which file ends where, with which line's hash. Written after each batch, in place and of one
/// size; never before the lines themselves are on disk, so it can lag behind them after a crash, and never run ahead.
/// </summary>
internal sealed class JournalHead(string folder) : IDisposable
{
    private const string Name = "head";

    private readonly FileStream file = new(Path.Combine(folder, Name), new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        BufferSize = 0,
    });

    /// <summary>Records the end of the log.</summary>
    public void Write(string name, long length, string hash)
    {
        file.Position = 0;
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {length:D19} {hash}\n")));
    }

    /// <summary>The recorded end, or null when there is none that can be read.</summary>
    public static (string File, long Length, string Hash)? TryRead(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        return File.ReadAllText(path).TrimEnd('\n').Split(' ') is [var name, var length, var hash]
            && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? (name, bytes, hash) : ("", 0, "");
    }

    public void Dispose() => file.Dispose();
}
