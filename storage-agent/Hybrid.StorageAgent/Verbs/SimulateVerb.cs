using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Policy;

namespace Hybrid.StorageAgent.Verbs;

/// <summary><c>hybrid-agent simulate</c>: would this request be allowed, and by which rule?</summary>
internal static class SimulateVerb
{
    /// <summary>Exit code of a refused request.</summary>
    public const int Refused = 3;

    public static Command Make(Option<string> config, Func<string, Func<AgentOptions, Task<int>>, Task<int>> withOptions)
    {
        var person = new Option<string>("--person") { Description = "Pseudonym, as in the access log.", Required = true };
        var project = new Option<string>("--project") { Description = "Project id.", Required = true };
        var connection = new Option<string>("--connection") { Description = "Connection's name.", Required = true };
        var key = new Option<string>("--key") { Description = "Object's key; its opaque name does as well.", Required = true };
        var ip = new Option<string?>("--ip") { Description = "Browser's address. Default: unknown, as by the relay." };
        var origin = new Option<string?>("--origin") { Description = "Origin of the browser's page. Default: none, as by the relay." };
        var at = new Option<string?>("--at") { Description = "When, e.g. 2026-03-01T07:30:00+01:00. Default: now." };
        var act = new Option<string>("--act") { Description = "work, guideline or view. Default: work.", DefaultValueFactory = _ => GrantAct.Work };
        var json = new Option<bool>("--json") { Description = "Answers with one JSON object." };
        act.AcceptOnlyFromAmong(GrantAct.Work, GrantAct.Guideline, GrantAct.View);
        ip.Validators.Add(r => Expect(r.GetValueOrDefault<string?>() is not { } text || IPAddress.TryParse(text, out _), r, "--ip is no address, e.g. 10.1.2.3."));
        at.Validators.Add(r => Expect(r.GetValueOrDefault<string?>() is not { } text || TryReadInstant(text, out _), r, "--at is no instant, e.g. 2026-03-01T07:30:00+01:00."));
        var verb = new Command("simulate", $"Would this request be allowed, and by which rule? Ends with 0 when it would, with {Refused} when not.") { config, person, project, connection, key, ip, origin, at, act, json };
        verb.SetAction((parsed, _) => withOptions(parsed.GetValue(config)!, options =>
        {
            var found = Find(options, new ObjectReference(parsed.GetValue(connection)!, parsed.GetValue(key)!, null));
            var request = new SimulatedRequest(
                parsed.GetValue(person)!, parsed.GetValue(project)!, found ?? new ObjectReference(parsed.GetValue(connection)!, parsed.GetValue(key)!, null), parsed.GetValue(act)!,
                new Caller(parsed.GetValue(ip) is { } address ? IPAddress.Parse(address) : null, parsed.GetValue(origin)),
                TryReadInstant(parsed.GetValue(at), out var instant) ? instant : TimeProvider.System.GetUtcNow(),
                IsKnown: found is not null);
            var decision = Simulation.Decide(options, request);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(decision, AgentJson.Default.SimulatedDecision) : Words(decision));
            return Task.FromResult(decision.Allowed ? 0 : Refused);
        }));
        return verb;
    }

    // A real name stands for itself; an opaque one for what the map has.
    private static ObjectReference? Find(AgentOptions options, ObjectReference reference)
    {
        if (!reference.Key.StartsWith(OpaqueNames.Prefix, StringComparison.Ordinal) || options.Connections.FirstOrDefault(c => c.Name == reference.Connection) is not { OpaqueKeys: true } || !AgentIdentity.Exists(options.DataDirectory)) return reference;
        using var identity = AgentIdentity.Load(options.DataDirectory);
        using var names = new OpaqueNames(OpaqueNames.FileIn(options.DataDirectory), SharedSecret.Of(options, identity));
        return names.Find(reference.Key) is { } found && found.Connection == reference.Connection ? reference with { Key = found.Key } : null;
    }

    /// <summary>An instant with its offset; one without is taken as UTC.</summary>
    public static bool TryReadInstant(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    private static void Expect(bool holds, System.CommandLine.Parsing.OptionResult result, string otherwise)
    {
        if (!holds) result.AddError(otherwise);
    }

    private static string Words(SimulatedDecision decision) => string.Join('\n', (string[])
    [
        decision.Allowed
            ? string.Create(CultureInfo.InvariantCulture, $"allowed: every rule lets it pass; the URL lives {decision.UrlSeconds} seconds at most")
            : $"refused by rule {decision.Rule}; the caller is told {decision.Told}",
        $"asked before: {(decision.Passed.Count == 0 ? "none" : string.Join(", ", decision.Passed))}",
        $"then counted, in the running agent: {(decision.Ceilings.Count == 0 ? "nothing" : string.Join(", ", decision.Ceilings.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}"))))}",
    ]);
}
