namespace Hybrid.Demo;

/// <summary>What the person asked for.</summary>
/// <param name="Port">Port of the control plane; the agent takes the next one.</param>
/// <param name="Reset">Begin anew.</param>
/// <param name="UntilReady">Stop as soon as everything is healthy; for tests.</param>
/// <param name="Folder">The person's own pictures.</param>
/// <param name="S3">Endpoint of a bucket.</param>
/// <param name="Bucket">The bucket.</param>
internal sealed record DemoOptions(int Port, bool Reset, bool UntilReady, string? Folder, string? S3, string? Bucket)
{
    public const string Usage = "dotnet run --project infra/Hybrid.Demo -- [--reset] [--folder DIR] [--s3 URL --bucket B] [--port N] [--until-ready]";

    /// <summary>Reads the command line; the mistake with its mend when it is off.</summary>
    public static (DemoOptions? Options, string? Mistake) Read(string[] args)
    {
        var options = new DemoOptions(5080, false, false, null, null, null);
        for (var i = 0; i < args.Length; i++)
        {
            string? Value() => ++i < args.Length ? args[i] : null;
            switch (args[i])
            {
                case "--reset": options = options with { Reset = true }; break;
                case "--until-ready": options = options with { UntilReady = true }; break;
                case "--port" when int.TryParse(Value(), out var port) && port is > 0 and < 65535: options = options with { Port = port }; break;
                case "--folder" when Value() is { } folder: options = options with { Folder = Path.GetFullPath(folder) }; break;
                case "--s3" when Value() is { } url: options = options with { S3 = url }; break;
                case "--bucket" when Value() is { } bucket: options = options with { Bucket = bucket }; break;
                default: return (null, $"{args[Math.Min(i, args.Length - 1)]} is not understood. {Usage}");
            }
        }

        if ((options.S3 is null) != (options.Bucket is null)) return (null, "--s3 and --bucket belong together.");
        if (options.Folder is { } dir && !Directory.Exists(dir)) return (null, $"The folder {dir} does not exist.");
        return (options, null);
    }
}
