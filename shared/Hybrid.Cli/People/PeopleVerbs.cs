using System.CommandLine;
using System.Globalization;
using Hybrid.Cli.Connection;

namespace Hybrid.Cli.People;

/// <summary>
/// <c>hybrid people add|remove FILE</c>: a list of people from a file, by the same API as the page "Many at once".
/// Verdicts go to the output, one line each with tabs between columns; progress and failures go to the error output.
/// </summary>
internal static class PeopleVerbs
{
    /// <summary>How often a job is asked how far it is.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    /// <summary>So long a job is asked again while nobody answers: a control plane that restarts goes on with it.</summary>
    private static readonly TimeSpan Endurance = TimeSpan.FromMinutes(2);

    public static Command People() => new("people", "Lists of people: e-mail, name, project, role, team.")
    {
        Verb("add", "Invites the people of a list and gives them their roles and teams."),
        Verb("remove", "Takes the people of a list out of projects; what they labeled stays."),
    };

    private static Command Verb(string kind, string description)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV in UTF-8, or an .xlsx workbook, of at most 10,000 lines; with a first line that names the columns, or in the order e-mail, name, project, role, team." };
        var url = new Option<string?>("--url") { Description = $"Address of the control plane. Default: {Credentials.UrlVariable}.", HelpName = "URL" };
        var keyFile = new Option<FileInfo?>("--key-file") { Description = $"File with an API key that has the scope people.manage. Default: the key itself in {Credentials.KeyVariable}.", HelpName = "FILE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Says line by line what would become of it, and changes nothing." };
        var verb = new Command(kind, $"{description} Ends with 0 when every line is as it should be, 1 when lines were refused, 2 when nothing was done.") { file, url, keyFile, dryRun };
        verb.SetAction(async (parsed, ct) =>
        {
            var (output, progress) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var credentials = await Credentials.ReadAsync(parsed.GetValue(url), parsed.GetValue(keyFile), ct);
                var list = await PeopleList.ReadAsync(parsed.GetValue(file)!, ct);
                using var client = new ControlPlaneClient(credentials);
                return parsed.GetValue(dryRun) ? await CheckAsync(client, kind, list, output, ct) : await RunAsync(client, kind, list, output, progress, ct);
            }
            catch (Failure failure)
            {
                await progress.WriteLineAsync(failure.Message);
                return ExitCodes.Failed;
            }
        });
        return verb;
    }

    private static async Task<int> CheckAsync(ControlPlaneClient client, string kind, PeopleList list, TextWriter output, CancellationToken ct)
    {
        var answer = await client.PostAsync<CheckAnswer>("/api/people-jobs/check", new { kind, list.Format, list.Content }, ct);
        foreach (var line in answer.Lines)
            await output.WriteLineAsync(string.Join('\t', line.Number, line.Outcome.ToString().ToLowerInvariant(), Plain(line.Email), Plain(line.Project), Plain(line.Role), Plain(line.Team), string.Join(' ', line.Codes)));
        await output.WriteLineAsync(Invariant($"{answer.Changes} to do, {answer.Unchanged} so already, {answer.Refused} refused. Nothing was changed."));
        return answer.Refused == 0 ? ExitCodes.Done : ExitCodes.SomeRefused;
    }

    private static async Task<int> RunAsync(ControlPlaneClient client, string kind, PeopleList list, TextWriter output, TextWriter progress, CancellationToken ct)
    {
        var job = await client.PostAsync<Job>("/api/people-jobs", new { kind, list.Format, list.Content }, ct);
        await progress.WriteLineAsync(Invariant($"Job {job.Id}: {job.Total} lines. It goes on by itself when this program is stopped."));
        var answer = await FinishedAsync(client, job, progress, ct);
        foreach (var line in answer.Refused) await output.WriteLineAsync(string.Join('\t', line.Number, "refused", string.Join(' ', line.Codes)));
        await output.WriteLineAsync(Invariant($"{answer.Job.Changed} done, {answer.Job.Unchanged} so already, {answer.Job.Refused} refused."));
        return answer.Job.Refused == 0 ? ExitCodes.Done : ExitCodes.SomeRefused;
    }

    private static async Task<JobAnswer> FinishedAsync(ControlPlaneClient client, Job job, TextWriter progress, CancellationToken ct)
    {
        var (said, silentSince) = (-1, (DateTimeOffset?)null);
        while (true)
        {
            try
            {
                var answer = await client.GetAsync<JobAnswer>($"/api/people-jobs/{job.Id}", ct);
                silentSince = null;
                if (answer.Job.Worked != said) await progress.WriteLineAsync(Invariant($"{said = answer.Job.Worked} of {answer.Job.Total}"));
                if (answer.Job.IsDone) return answer;
            }
            catch (Failure failure) when (failure.Passing && DateTimeOffset.UtcNow - (silentSince ??= DateTimeOffset.UtcNow) < Endurance)
            {
                // The job is the server's: it goes on whether or not anybody asks.
            }

            await Task.Delay(Pace, ct);
        }
    }

    /// <summary>What stands in a stranger's list must not steer the terminal, nor look like another column.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
