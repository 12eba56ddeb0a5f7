using System.CommandLine;
using System.Globalization;
using System.Text;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.Verbs;

/// <summary><c>hybrid-agent resolve</c>: real names for opaque ones, on the customer's side alone.</summary>
internal static class ResolveVerb
{
    /// <summary>Exit code where some names are not known.</summary>
    public const int SomeUnknown = 3;

    public static Command Make(Option<string> config, Func<string, Func<AgentOptions, Task<int>>, Task<int>> withOptions)
    {
        var names = new Argument<string[]>("names") { Description = "Opaque names, printed with their real ones. None: a text is copied with real names in it.", Arity = ArgumentArity.ZeroOrMore };
        var input = new Option<string?>("--in") { Description = "The text, e.g. an export. Default: standard input." };
        var output = new Option<string?>("--out") { Description = "File to write; it must not exist. Default: standard output." };
        var format = new Option<string?>("--format") { Description = "json, csv or text: how names are quoted. Default: by the ending of --in (json, jsonl, ndjson, geojson; csv), else text." };
        format.AcceptOnlyFromAmong("json", "csv", "text");
        var rebuild = new Option<bool>("--rebuild") { Description = "First lists every connection with opaque keys, so that the map knows what is there now." };
        var verb = new Command("resolve", $"Puts real names for opaque ones. Ends with 0, or with {SomeUnknown} where some are not known.") { config, names, input, output, format, rebuild };
        verb.SetAction((parsed, ct) => withOptions(parsed.GetValue(config)!, async options =>
        {
            var (from, to) = (parsed.GetValue(input), parsed.GetValue(output));
            if (Mistake(options, from, to) is { } mistake)
            {
                await Console.Error.WriteLineAsync(mistake);
                return 2;
            }

            using var identity = AgentIdentity.Load(options.DataDirectory);
            using var map = new OpaqueNames(OpaqueNames.FileIn(options.DataDirectory), SharedSecret.Of(options, identity));
            if (parsed.GetValue(rebuild) && !await RebuildAsync(options, identity, map, ct)) return 1;
            if (parsed.GetValue(names) is { Length: > 0 } asked) return Print(map, asked);
            using var reader = from is null ? Console.In : new StreamReader(from, Encoding.UTF8);
            await using var writer = to is null ? new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) : new StreamWriter(JournalFiles.Append(to), new UTF8Encoding(false));
            var (resolved, unknown) = NameResolution.Copy(reader, writer, map, FormatOf(parsed.GetValue(format), from));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{resolved} names resolved, {unknown} not known{(unknown > 0 ? ": they stay as they are. With --rebuild the storage is listed first." : ".")}"));
            return unknown > 0 ? SomeUnknown : 0;
        }));
        return verb;
    }

    private static string? Mistake(AgentOptions options, string? from, string? to)
    {
        if (!AgentIdentity.Exists(options.DataDirectory)) return $"{options.DataDirectory} holds no identity, so it has no map either: give the configuration of the enrolled agent with --config.";
        if (!options.Connections.Any(c => c.OpaqueKeys)) return "No connection of this configuration has opaqueKeys.";
        if (from is not null && !File.Exists(from)) return $"{from} does not exist: name a file with --in.";
        return File.Exists(to) ? $"{to} exists: nothing was written. Give another file with --out." : null;
    }

    private static async Task<bool> RebuildAsync(AgentOptions options, AgentIdentity identity, OpaqueNames map, CancellationToken ct)
    {
        using var connections = new ConnectionTable(options, identity, TimeProvider.System);
        foreach (var connection in connections.All.Where(c => c.Options.OpaqueKeys))
        {
            try
            {
                var count = await MapRebuild.RunAsync(connection, new OpaqueListing(map), ct);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{connection.Options.Name}: {count} objects listed."));
            }
            catch (StorageException failed)
            {
                await Console.Error.WriteLineAsync($"{connection.Options.Name}: {failed.Message}");
                return false;
            }
        }

        return true;
    }

    private static int Print(OpaqueNames map, string[] asked)
    {
        var unknown = 0;
        foreach (var name in asked)
        {
            var found = map.Find(name);
            if (found is null) unknown++;
            Console.WriteLine($"{PlainText.Terminal(name)}\t{(found is { } known ? $"{known.Connection}\t{PlainText.Terminal(known.Key)}" : "not known")}");
        }

        return unknown > 0 ? SomeUnknown : 0;
    }

    private static NameFormat FormatOf(string? said, string? from) => (said ?? Path.GetExtension(from)?.TrimStart('.').ToLowerInvariant()) switch
    {
        "json" or "jsonl" or "ndjson" or "geojson" => NameFormat.Json,
        "csv" => NameFormat.Csv,
        _ => NameFormat.Text,
    };
}
