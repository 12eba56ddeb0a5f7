using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace Hybrid.Demo;

/// <summary>What the person asked for.</summary>
/// <param name="Port">Port of the control plane; the agent takes the next one.</param>
/// <param name="Reset">Begin anew.</param>
/// <param name="UntilReady">Stop as soon as everything is healthy; for tests.</param>
/// <param name="Folder">The person's own pictures.</param>
/// <param name="S3">Endpoint of a bucket.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Data">Folder of everything that the demonstration keeps.</param>
internal sealed record DemoOptions(int Port, bool Reset, bool UntilReady, string? Folder, Uri? S3, string? Bucket, string? Data)
{
    /// <summary>Name of this installation's own folder: other pictures are another installation, and neither loses what the other holds.</summary>
    public string Installation => Folder is not null ? $"folder-{Short(Folder)}" : S3 is not null ? $"bucket-{Short($"{S3} {Bucket}")}" : "pictures";

    /// <summary>The command line; the action gets the options.</summary>
    public static RootCommand Command(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        var port = new Option<int>("--port") { Description = "Port of the control plane; the storage agent takes the next one.", DefaultValueFactory = _ => 5080 };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var value) || value is < 1 or > 65534)) result.AddError("--port is a number from 1 to 65534.");
        });
        var reset = new Option<bool>("--reset") { Description = "Begins anew: what was labeled in this installation is deleted." };
        var ready = new Option<bool>("--until-ready") { Description = "Ends as soon as everything is healthy." };
        var folder = new Option<string?>("--folder") { Description = "Labels the pictures of this folder, where they are.", HelpName = "DIR" };
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Directory.Exists(token.Value)) result.AddError($"The folder {token.Value} does not exist: name one that holds pictures.");
        });
        var s3 = new Option<string?>("--s3") { Description = "Labels the pictures of a bucket at this S3 endpoint; credentials from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).", HelpName = "URL" };
        s3.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(Uri.TryCreate(token.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")) result.AddError("--s3 is an address with http:// or https://, e.g. https://s3.example.");
        });
        var bucket = new Option<string?>("--bucket") { Description = "The bucket of --s3.", HelpName = "B" };
        var data = new Option<string?>("--data") { Description = "Folder of everything that the demonstration keeps. Default: .demo in the repository.", HelpName = "DIR" };
        var root = new RootCommand("Builds and starts a control plane and a storage agent with pictures, people and projects to try. Ctrl-C ends everything; the next start goes on with the same data.")
        {
            port, reset, ready, folder, s3, bucket, data,
        };
        root.Validators.Add(result =>
        {
            if ((result.GetResult(s3) is null) != (result.GetResult(bucket) is null)) result.AddError("--s3 and --bucket belong together: give both.");
            if (result.GetResult(s3) is not null && result.GetResult(folder) is not null) result.AddError("--folder and --s3 are two places: give one.");
        });
        root.SetAction((parsed, ct) => run(
            new DemoOptions(
                parsed.GetValue(port), parsed.GetValue(reset), parsed.GetValue(ready), parsed.GetValue(folder) is { } dir ? Path.GetFullPath(dir) : null,
                parsed.GetValue(s3) is { } url ? new Uri(url) : null, parsed.GetValue(bucket), parsed.GetValue(data)),
            ct));
        return root;
    }

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
