namespace Hybrid.StorageAgent.Providers;

/// <summary>Media types by extension. What is not listed is served as bytes that no browser runs.</summary>
internal static class ContentTypes
{
    public const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".jpe"] = "image/jpeg", [".png"] = "image/png", [".webp"] = "image/webp",
        [".gif"] = "image/gif", [".bmp"] = "image/bmp", [".avif"] = "image/avif", [".tif"] = "image/tiff", [".tiff"] = "image/tiff",
        [".svg"] = "image/svg+xml", [".mp4"] = "video/mp4", [".webm"] = "video/webm", [".mp3"] = "audio/mpeg", [".wav"] = "audio/wav",
        [".ogg"] = "audio/ogg", [".flac"] = "audio/flac", [".txt"] = "text/plain", [".csv"] = "text/csv", [".json"] = "application/json",
        [".jsonl"] = "application/x-ndjson", [".pdf"] = "application/pdf", [".html"] = "text/html", [".xml"] = "application/xml",
        [".dcm"] = "application/dicom", [".las"] = "application/vnd.las", [".laz"] = "application/vnd.laszip", [".pcd"] = "application/vnd.pcd",
    };

    private static readonly HashSet<string> Runnable = new(StringComparer.Ordinal) { "text/html", "image/svg+xml", "application/xml", "application/pdf" };

    public static string Of(string key) => ByExtension.GetValueOrDefault(Path.GetExtension(key), Unknown);

    /// <summary>Whether a browser could run the content as a document.</summary>
    public static bool IsRunnable(string type) => Runnable.Contains(type);
}
