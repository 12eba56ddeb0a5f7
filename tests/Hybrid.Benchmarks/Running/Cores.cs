using System.Globalization;
using System.Runtime.InteropServices;

namespace Hybrid.Benchmarks.Running;

/// <summary>Which cores a process or a thread may run on, and what processor time a process has used (sched_setaffinity(2), proc(5)).</summary>
internal static partial class Cores
{
    /// <summary>Binds every thread of a process, and those that it starts later, to one core.</summary>
    public static void Bind(int process, int core)
    {
        foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
        {
            // A thread may have ended since it was listed.
            _ = BindThread(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), core);
        }
    }

    /// <summary>Binds the calling thread to one core.</summary>
    public static bool BindThread(int core) => BindThread(0, core);

    /// <summary>Processor time of a process, user and system; a tick is a hundredth of a second.</summary>
    public static TimeSpan Used(int process)
    {
        // The name in brackets may hold spaces; fields 14 and 15 are counted from behind it.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    private static bool BindThread(int thread, int core)
    {
        var mask = 1UL << core;
        return Affinity(thread, sizeof(ulong), ref mask) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Affinity(int thread, nuint size, ref ulong mask);
}
