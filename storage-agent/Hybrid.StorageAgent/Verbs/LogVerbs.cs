using System.CommandLine;
using System.Globalization;
using System.Text;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent.Verbs;

/// <summary><c>hybrid-agent log verify | search | export</c>: the customer's own record, also beside a running agent.</summary>
internal static class LogVerbs
{
    public static Command Make(Option<string> config, Func<string, Func<AgentOptions, Task<int>>, Task<int>> withOptions) =>
        new("log", "The customer's own record.") { Verify(config, withOptions), Search(config, withOptions), Export(config, withOptions) };

    private static Command Verify(Option<string> config, Func<string, Func<AgentOptions, Task<int>>, Task<int>> withOptions)
    {
        var export = new Option<string?>("--export") { Description = "Checks this export (JSON lines) instead of the log." };
        var verb = new Command("verify", "Checks the chain of the access log, or an export.") { config, export };
        verb.SetAction((parsed, _) => withOptions(parsed.GetValue(config)!, options => Task.FromResult(parsed.GetValue(export) is { } path ? VerifyExport(options, path) : VerifyLog(options))));
        return verb;
    }

    private static Command Search(Option<string> config, Func<string, Func<AgentOptions, Task<int>>, Task<int>> withOptions)
    {
        var filter = new Filter();
        var json = new Option<bool>("--json") { Description = "Prints the lines as they stand." };
        var verb = new Command("search", "Finds lines of the access log.") { config, json };
        filter.AddTo(verb);
        verb.SetAction((parsed, ct) => withOptions(parsed.GetValue(config)!, options =>
        {
            using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
            foreach (var (line, record) in filter.Read(parsed).Find(options.AccessLogFolder))
            {
                ct.ThrowIfCancellationRequested();
                output.WriteLine(parsed.GetValue(json) ? Encoding.UTF8.GetString(line.Text.Span) : Words(record));
            }

            return Task.FromResult(0);
        }));
        return verb;
    }

    private static Command Export(Option<string> config, Func<string, Func<AgentOptions, Task<int>>, Task<int>> withOptions)
    {
        var filter = new Filter();
        var format = new Option<string>("--format") { Description = "jsonl or csv. Default: jsonl.", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl", "csv");
        var output = new Option<string?>("--out") { Description = "File to write; it must not exist. Default: standard output." };
        var verb = new Command("export", "Copies lines out, with a signed end.") { config, format, output };
        filter.AddTo(verb);
        verb.SetAction((parsed, _) => withOptions(parsed.GetValue(config)!, async options =>
        {
            var path = parsed.GetValue(output);
            if (File.Exists(path))
            {
                await Console.Error.WriteLineAsync($"{path} exists: nothing was written. Give another file with --out.");
                return 2;
            }

            using var identity = AgentIdentity.Exists(options.DataDirectory) ? AgentIdentity.Load(options.DataDirectory) : null;
            await using var to = path is null ? Console.OpenStandardOutput() : JournalFiles.Append(path);
            await using var buffered = new BufferedStream(to, 64 * 1024);
            var lines = LogExport.Write(options.AccessLogFolder, filter.Read(parsed), parsed.GetValue(format) == "csv", identity, TimeProvider.System, buffered);
            if (path is not null) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lines} lines in {path}."));
            return 0;
        }));
        return verb;
    }

    private static int VerifyLog(AgentOptions options)
    {
        var verdict = JournalCheck.Run(options.AccessLogFolder);
        var from = verdict.From is { } first ? $", from {first} on: what stood before it was removed by accessLog.keepDays, and the chain says so" : "";
        Console.WriteLine(verdict.Break is null ? $"{verdict.Lines} lines, unbroken{from}. Head {verdict.Head}" : $"The chain breaks at {verdict.Break}. Keep the files and find out who changed them.");
        return verdict.Break is null ? 0 : 1;
    }

    private static int VerifyExport(AgentOptions options, string path)
    {
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"{path} does not exist: name an export with --export.");
            return 2;
        }

        var (mistake, key, lines) = LogExport.Check(path);
        using var identity = AgentIdentity.Exists(options.DataDirectory) ? AgentIdentity.Load(options.DataDirectory) : null;
        var whose = key is null ? "" : key == identity?.KeyId ? ", signed by this agent's key" : $", signed by key {key}, which is not the one that this agent has now: compare it with the one that you expect";
        Console.WriteLine(mistake is null ? $"{lines} lines as they were exported{whose}." : $"The export is not sound: {mistake}.");
        return mistake is null ? 0 : 1;
    }

    private static string Words(AccessRecord record) => string.Create(CultureInfo.InvariantCulture, $"{record.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {(record.Allowed ? "allowed" : "refused")} {PlainText.Terminal(record.Rule)}")
        + $" person={PlainText.Terminal(record.Person)} project={PlainText.Terminal(record.Project)} connection={PlainText.Terminal(record.Connection)} act={PlainText.Terminal(record.Act)}"
        + $" client={PlainText.Terminal(record.Client)} key={PlainText.Terminal(record.Key)}"
        + (record.Removed is { } removed ? string.Create(CultureInfo.InvariantCulture, $" removed={PlainText.Terminal(removed.File)} lines={removed.Lines}") : "");

    /// <summary>The options that name lines.</summary>
    private sealed class Filter
    {
        private readonly Option<string?> person = new("--person") { Description = "Pseudonym." };
        private readonly Option<string?> project = new("--project") { Description = "Project id." };
        private readonly Option<string?> connection = new("--connection") { Description = "Connection's name." };
        private readonly Option<string?> key = new("--key") { Description = "How the object's key begins." };
        private readonly Option<bool> allowed = new("--allowed") { Description = "Only the allowed." };
        private readonly Option<bool> refused = new("--refused") { Description = "Only the refused." };
        private readonly Option<string?> rule = new("--rule") { Description = "The rule that decided." };
        private readonly Option<string?> from = new("--from") { Description = "At or after this instant, e.g. 2026-03-01 or 2026-03-01T07:30:00+01:00." };
        private readonly Option<string?> to = new("--to") { Description = "Before this instant." };

        public void AddTo(Command verb)
        {
            foreach (var option in (Option[])[person, project, connection, key, allowed, refused, rule, from, to]) verb.Options.Add(option);
            foreach (var option in (Option<string?>[])[from, to])
            {
                option.Validators.Add(r =>
                {
                    if (r.GetValueOrDefault<string?>() is { } text && !SimulateVerb.TryReadInstant(text, out _)) r.AddError($"{option.Name} is no instant, e.g. 2026-03-01 or 2026-03-01T07:30:00+01:00.");
                });
            }

            verb.Validators.Add(r =>
            {
                if (r.GetValue(allowed) && r.GetValue(refused)) r.AddError("--allowed and --refused together name no line: give one, or none for both.");
            });
        }

        public LogQuery Read(ParseResult parsed) => new(
            parsed.GetValue(person), parsed.GetValue(project), parsed.GetValue(connection), parsed.GetValue(key),
            parsed.GetValue(allowed) ? true : parsed.GetValue(refused) ? false : null, parsed.GetValue(rule), Instant(parsed.GetValue(from)), Instant(parsed.GetValue(to)));

        private static DateTimeOffset? Instant(string? text) => SimulateVerb.TryReadInstant(text, out var instant) ? instant : null;
    }
}
