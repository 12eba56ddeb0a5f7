using System.Text;

namespace Hybrid.Quality.Tests.Labels;

/// <summary>COCO's compressed run lengths, written as maskApi.c's rleToString does: an encoder of its own, so that the reader is not tested by itself.</summary>
internal static class Masks
{
    public static string Encode(params ReadOnlySpan<long> runs)
    {
        var text = new StringBuilder();
        for (var i = 0; i < runs.Length; i++)
        {
            var x = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            for (var more = true; more;)
            {
                var c = (int)(x & 0x1f);
                x >>= 5;
                more = (c & 0x10) != 0 ? x != -1 : x != 0;
                if (more) c |= 0x20;
                text.Append((char)(c + 48));
            }
        }

        return text.ToString().Replace("\\", "\\\\", StringComparison.Ordinal);
    }
}
