using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.Attacks;

/// <summary>
/// Classic payloads in every parameter of the OpenAPI document, as the person who may do most. Watched are failures of the server, words of a
/// database in an answer, answers that a condition in the payload changes, and answers that a payload makes wait.
/// </summary>
[Collection("attacks")] // One after the other: they watch how long answers take, and what the log gains.
public sealed partial class SqlInjectionTests(AttackedTown shared)
{
    private static readonly TimeSpan Sleep = TimeSpan.FromSeconds(3);

    private static readonly string[] Breaking = ["'", "\"", "');--", "x' union select null,null,null--", "1; drop table people--", "\\'", "%' and 1=cast((select version()) as int)--"];

    private static readonly string[] Sleeping = ["x'||(select pg_sleep(3))||'", "1;select pg_sleep(3)--"];

    private readonly Town town = shared.Town;

    [GeneratedRegex("syntax error|SQLSTATE|Npgsql|SqliteException|SQLite Error|unterminated|42601|22P02|at Hybrid\\.|Microsoft\\.EntityFrameworkCore", RegexOptions.IgnoreCase)]
    private static partial Regex WordsOfADatabase { get; }

    [Fact]
    public async Task EveryParameterOfTheDocument_IsData()
    {
        // Sign-ins and proofs are limited in number by address; they have a test of their own below.
        var operations = ApiDocument.Operations.Where(o => !o.Path.StartsWith("/api/session", StringComparison.Ordinal)).ToList();
        Assert.True(operations.Sum(o => o.Places.Count) > 150);
        var faults = new List<string>();
        var sent = 0;
        foreach (var operation in operations)
        {
            foreach (var place in operation.Places)
            {
                foreach (var payload in Breaking.Concat(operation.Changes ? Sleeping[..1] : Sleeping))
                {
                    sent++;
                    if (await FaultAsync(operation, place, payload) is { } fault) faults.Add(fault);
                }

                if (operation.Changes || place.In != "query") continue;
                var (isTrue, isFalse) = (await BareAsync(operation, place, "a' or '1'='1"), await BareAsync(operation, place, "a' or '1'='2"));
                if (isTrue != isFalse) faults.Add($"{operation} {place}: a condition changes the answer");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests, {operations.Sum(o => o.Places.Count)} parameters");
        Assert.Empty(faults);
        // Nothing was dropped, and the town works.
        Assert.True((await town.Owner.GetAsync("/api/people")).GetProperty("items").GetArrayLength() > 3);
    }

    [Fact]
    public async Task CredentialsAndProviders_AreData()
    {
        foreach (var payload in Breaking.Concat(Sleeping))
        {
            using var browser = new BrowserSession(shared.Host);
            foreach (var (path, body) in new (string, object)[]
                     {
                         ("/api/session", new { email = payload, password = payload, keyThumbprint = browser.Thumbprint }),
                         ("/api/session", new { email = $"x{payload}@example.org", password = "x", keyThumbprint = browser.Thumbprint }),
                         ("/api/session/discover", new { email = $"x@{payload}" }),
                         ("/api/session/sso", new { providerId = payload, keyThumbprint = payload, returnTo = payload }),
                     })
            {
                using var answer = await browser.Http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True((int)answer.StatusCode is >= 200 and < 500 && !WordsOfADatabase.IsMatch(text), $"{path} {payload}: {(int)answer.StatusCode} {text}");
            }

            using var landed = await browser.Http.GetAsync($"/api/session/sso/callback?code={Uri.EscapeDataString(payload)}&state={Uri.EscapeDataString(payload)}", TestContext.Current.CancellationToken);
            Assert.True((int)landed.StatusCode < 500);
        }
    }

    private async Task<string?> FaultAsync(Operation operation, Place place, string payload)
    {
        // A loaded machine is slow as well: only what waits each of three times waits because it was told to.
        for (var attempt = 1; ; attempt++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await SendAsync(operation, place, payload);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if ((int)answer.StatusCode is 500 or > 504) return $"{operation} {place} {payload}: {(int)answer.StatusCode} {text}";
            // The payload may come back in an answer; a database's words in it may not.
            if (WordsOfADatabase.IsMatch(text.Replace(payload, "", StringComparison.Ordinal))) return $"{operation} {place} {payload}: {text}";
            if (watch.Elapsed < Sleep || !payload.Contains("sleep", StringComparison.Ordinal)) return null;
            if (attempt == 3) return $"{operation} {place} {payload}: waits {watch.Elapsed}";
        }
    }

    private async Task<string> BareAsync(Operation operation, Place place, string payload)
    {
        using var answer = await SendAsync(operation, place, payload);
        return $"{answer.StatusCode} {(await answer.BareAsync()).Replace(JsonEncodedText.Encode(payload).ToString(), "", StringComparison.Ordinal)}";
    }

    private Task<HttpResponseMessage> SendAsync(Operation operation, Place place, string payload)
    {
        var (path, body) = operation.With(place, payload, Fitting);
        return town.Owner.SendAsync(operation.Method, path, body, key: "attack-0001", ifMatch: operation.Path.EndsWith("/ontology", StringComparison.Ordinal) ? "\"1\"" : null);
    }

    /// <summary>The project is real, so that what lies in it is reached; other ids are nobody's, so that nothing is lost.</summary>
    private string Fitting(string name) => name == "projectId" ? town.Project.ToString() : Guid.NewGuid().ToString();
}
