using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Blind review: whatever a labeler or a reviewer asks, no answer tells whose work it is, nor when in the day it was done.</summary>
public abstract partial class AnonymizationTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;
    private Worker ana = null!;
    private Worker ben = null!;
    private Worker rosa = null!;
    private readonly List<(Worker Who, DateTimeOffset At)> acts = [];

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        // Everything happens within one morning: no act lies near midnight, which is what a day looks like.
        host.Clock.Advance(host.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1).AddHours(5) - host.Clock.GetUtcNow().UtcDateTime);
        town = await Town.BuildAsync(host, 12);
        ana = await WorkerAsync("Anastazja Żmijewska", "labeler");
        ben = await WorkerAsync("Benvenuto Quercetani", "labeler");
        rosa = await WorkerAsync("Rosamunde Überwasser", "reviewer");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task EveryRoute_AsLabelerAndReviewer_TellsNothingAboutTheOthers()
    {
        await SwitchAsync(true);
        await WorkAsync();
        host.Clock.Advance(TimeSpan.FromHours(1));
        var ids = await IdsAsync();

        foreach (var who in new[] { ana, rosa })
        {
            // A task in hand, with the other's label or reason on it.
            var kind = who == rosa ? "review" : "label";
            var task = (await town.NextAsync(who.Browser, kind))!.Value;
            Assert.Matches("\"name\":\"Annotator [0-9A-Z]{4}\"", task.GetRawText());
            var asked = 0;
            foreach (var (method, path, body) in Requests(task.GetProperty("id").GetGuid(), ids))
            {
                await AssertBlindAsync(who, method, path, body);
                asked++;
            }

            Assert.True(asked > 60, $"Only {asked} requests.");
        }
    }

    [Fact]
    public async Task AnyRequest_WithAnyIdAndAnyBody_TellsNothingAboutTheOthers()
    {
        await SwitchAsync(true);
        await WorkAsync();
        host.Clock.Advance(TimeSpan.FromHours(1));
        var ids = await IdsAsync();
        var routes = Routes().Where(IsWalked).ToList();
        var word = Gen.OneOf(Pick([.. ids.Select(i => (object?)i.ToString())]), Gen.String[Gen.Char.AlphaNumeric, 0, 12].Select(s => (object?)s), Gen.Int.Select(i => (object?)i), Gen.Const((object?)null), Gen.Bool.Select(b => (object?)b));
        var body = Gen.Dictionary(Pick<string>(["labelId", "outcome", "personId", "role", "reason", "kind", "document", "revision", "activeMs", "assetIds", "proof", "on"]), word)[0, 4];
        var request = Gen.Select(Pick(routes), Pick(ids).Array[4], body, Gen.Bool);

        await request.SampleAsync(
            async r =>
            {
                var (route, with, content, isAna) = r;
                var next = 0;
                var path = ParameterPattern().Replace("/" + route.RoutePattern.RawText!.Trim('/'), _ => with[next++ % with.Length].ToString());
                var method = new HttpMethod(route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]);
                await AssertBlindAsync(isAna ? ana : rosa, method, path, method == HttpMethod.Get ? null : content);
                return true;
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public async Task Pseudonyms_AreStableInAProject_AndSayNothingInAnother()
    {
        await SwitchAsync(true);
        await WorkAsync();
        var first = AuthorsOf((await town.NextAsync(rosa.Browser, "review"))!.Value);
        var again = AuthorsOf((await town.NextAsync(rosa.Browser, "review"))!.Value);
        Assert.Equal(first, again);
        var other = (await town.Owner.PostAsync("/api/projects", new { name = "Elsewhere", connectionIds = new[] { town.Connection }, ontology = Town.Ontology })).GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{other}/anonymization", new { on = true }));
        foreach (var who in new[] { ana, ben, rosa })
            await town.Owner.PostAsync($"/api/projects/{other}/members", new { personId = who.Browser.PersonId, role = who == rosa ? "reviewer" : "labeler" });
        await town.Owner.PostAsync($"/api/projects/{other}/imports", new { connectionId = town.Connection });
        var tasks = $"/api/projects/{other}/tasks";
        await Hybrid.Testing.Wait.UntilAsync(async () => (await town.Owner.GetAsync($"/api/projects/{other}")).GetProperty("progress").GetProperty("toDo").GetInt32() == 12);
        await SubmitAsync(ana, tasks);

        var review = (await rosa.Browser.PostAsync($"{tasks}/next", new { kind = "review", reserve = 0 })).GetProperty("task");

        Assert.NotEqual(first, AuthorsOf(review));
    }

    [Fact]
    public async Task Managers_SeeNamesAmongMembers_AndPseudonymsWhereWorkIsShown()
    {
        await SwitchAsync(true);
        await WorkAsync();
        await town.NextAsync(ben.Browser);

        var members = (await town.Manager.GetAsync($"/api/projects/{town.Project}/members")).GetRawText();
        var queue = (await town.Manager.GetAsync(town.Tasks)).GetRawText();

        Assert.Contains("Benvenuto Quercetani", members, StringComparison.Ordinal);
        Assert.Contains("Annotator ", queue, StringComparison.Ordinal);
        Assert.DoesNotContain(ben.Browser.PersonId.ToString(), queue, StringComparison.OrdinalIgnoreCase);
        var asset = (await town.Manager.GetAsync($"/api/projects/{town.Project}/assets?status=sentBack")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var history = (await town.Manager.GetAsync($"/api/projects/{town.Project}/assets/{asset}")).GetRawText();
        Assert.Contains("Annotator ", history, StringComparison.Ordinal);
        Assert.DoesNotContain("Rosamunde", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switching_TakesEffectInTheNextAnswer_WhichSaysSo_AndIsAudited()
    {
        await WorkAsync();
        Assert.Contains("Benvenuto Quercetani", await ReviewTextAsync("names"), StringComparison.Ordinal);

        await SwitchAsync(true);
        var blind = await ReviewTextAsync("pseudonyms");
        Assert.DoesNotContain("Benvenuto", blind, StringComparison.Ordinal);
        Assert.Contains("Annotator ", blind, StringComparison.Ordinal);
        // The same again is no act.
        await SwitchAsync(true);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await SwitchAsync(false);
        Assert.Contains("Benvenuto Quercetani", await ReviewTextAsync("names"), StringComparison.Ordinal);

        var switched = (await host.AuditAsync(town.Project)).Where(e => e.Act == AuditActs.ProjectAnonymizationChanged).ToList();
        Assert.Equal(["{\"on\":true}", "{\"on\":false}"], switched.Select(e => e.Facts));
        Assert.All(switched, e => Assert.Equal(town.Owner.PersonId, e.ActorId));
    }

    private static Gen<T> Pick<T>(IReadOnlyList<T> from) => Gen.Int[0, from.Count - 1].Select(i => from[i]);

    private async Task<string> ReviewTextAsync(string shown)
    {
        using var response = await rosa.Browser.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "review", reserve = 0 });
        Assert.Equal(shown, response.Headers.GetValues("Hybrid-People").Single());
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Two labelers and a reviewer at work, each act hours away from the others'.</summary>
    private async Task WorkAsync()
    {
        await SubmitAsync(ana, town.Tasks);
        await SubmitAsync(ana, town.Tasks);
        var review = (await town.NextAsync(rosa.Browser, "review"))!.Value;
        var task = review.GetProperty("id").GetGuid();
        await rosa.Browser.PostAsync($"{town.Tasks}/{task}/review", new { outcome = "sendBack", labelId = review.GetProperty("label").GetProperty("id").GetGuid(), reason = "The mast is missing", activeMs = 10 }, "review-0001");
        // They talk about it: an issue of the reviewer, an answer of the labeler.
        var threads = $"/api/projects/{town.Project}/threads";
        var thread = (await rosa.Browser.PostAsync(threads, new { assetId = review.GetProperty("asset").GetProperty("id").GetGuid(), kind = "issue", anchor = new { kind = "asset" }, text = "Draw the mast" })).GetProperty("id").GetGuid();
        After(rosa);
        await ana.Browser.PostAsync($"{threads}/{thread}/comments", new { text = "Which one?" });
        After(ana);
        await SubmitAsync(ben, town.Tasks);
        // Ana's second label leaves the queue, so that the reviewer comes to Ben's.
        var second = (await town.NextAsync(rosa.Browser, "review"))!.Value;
        await rosa.Browser.PostAsync($"{town.Tasks}/{second.GetProperty("id").GetGuid()}/review", new { outcome = "approve", labelId = second.GetProperty("label").GetProperty("id").GetGuid(), activeMs = 10 }, "review-0002");
        After(rosa);
    }

    private async Task SubmitAsync(Worker who, string tasks)
    {
        var task = (await who.Browser.PostAsync($"{tasks}/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        var label = new
        {
            schema = "hybrid.label/1",
            ontologyVersion = 1,
            answers = new { },
            objects = new[] { new { id = Guid.CreateVersion7(host.Clock.GetUtcNow().UtcDateTime.Date), tool = "boat", geometry = new { x = 10, y = 20, w = 100, h = 50 }, answers = new { kind = new[] { "sail" } } } },
            relations = Array.Empty<object>(),
        };
        await who.Browser.PostAsync($"{tasks}/{task}/submit", new { document = label, activeMs = 4321 }, $"submit-{task}");
        After(who);
    }

    private void After(Worker who)
    {
        acts.Add((who, host.Clock.GetUtcNow()));
        host.Clock.Advance(TimeSpan.FromMinutes(40));
    }

    private Task SwitchAsync(bool on) => Done(town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/anonymization", new { on }));

    private static async Task Done(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<Worker> WorkerAsync(string name, string role)
    {
        var email = $"{Guid.NewGuid():N}@people.example.org";
        var person = await town.Owner.PostAsync("/api/people", new { email, name, role = "member", password = ControlPlaneHost.Password });
        await town.Owner.PostAsync($"/api/projects/{town.Project}/members", new { personId = person.GetProperty("id").GetGuid(), role });
        var browser = await host.SignInAsync(email);
        host.Clock.Advance(TimeSpan.FromMinutes(50));
        return new Worker(browser, name, email);
    }

    /// <summary>Ids of everything in the project: what a curious person would put into an address.</summary>
    private async Task<IReadOnlyList<Guid>> IdsAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        await using var tenant = await TenantScope.OpenAsync(db, (await town.Owner.GetAsync("/api/session")).GetProperty("organization").GetProperty("id").GetGuid(), null, default);
        return [town.Project, town.Connection, ben.Browser.PersonId, ana.Browser.PersonId, .. db.Tasks.Select(t => t.Id), .. db.Labels.Select(l => l.Id), .. db.Assets.Select(a => a.Id).Take(3), .. db.Threads.Select(t => t.Id)];
    }

    private IEnumerable<(HttpMethod Method, string Path, object? Body)> Requests(Guid task, IReadOnlyList<Guid> ids)
    {
        foreach (var row in ForeignRoutes.Of(town.Project, task).Concat(OrganizationRoutes.All)) yield return row;
        foreach (var route in Routes().Where(r => IsWalked(r) && r.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains("GET")))
        {
            foreach (var id in ids)
            {
                var first = true;
                yield return (HttpMethod.Get, ParameterPattern().Replace("/" + route.RoutePattern.RawText!.Trim('/'), m =>
                {
                    var project = first && m.Value.StartsWith("{projectId", StringComparison.Ordinal);
                    first = false;
                    return (project ? town.Project : id).ToString();
                }), null);
            }
        }
    }

    private IEnumerable<RouteEndpoint> Routes() => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>All but the files of the workspace, and the act that would end the walk.</summary>
    private static bool IsWalked(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Count > 0 && route.RoutePattern.RawText is { } text && text.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
        && !(text.TrimEnd('/').EndsWith("api/session", StringComparison.Ordinal) && route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains("DELETE"))
        && route.Metadata.GetMetadata<RouteRule>() is not null;

    private async Task AssertBlindAsync(Worker who, HttpMethod method, string path, object? body)
    {
        using var response = await who.Browser.SendAsync(method, path, body, "anybody-key-1", "\"1\"");
        var text = await response.Content.ReadAsStringAsync();
        var answer = new StringBuilder(text).Append('\n').Append(response.Headers).Append(response.Content.Headers).ToString();
        Assert.True((int)response.StatusCode < 500 || response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway, $"{method} {path}: {text}");
        foreach (var other in new[] { ana, ben, rosa }.Where(w => w != who))
        {
            foreach (var needle in other.Needles)
            {
                // What the caller put into the address or the body may come back in a refusal.
                if (path.Contains(needle, StringComparison.OrdinalIgnoreCase) || (body is not null && JsonSerializer.Serialize(body).Contains(needle, StringComparison.OrdinalIgnoreCase))) continue;
                Assert.False(answer.Contains(needle, StringComparison.OrdinalIgnoreCase), $"{method} {path} tells {needle}: {answer}");
            }
        }

        foreach (var at in InstantsIn(text))
            Assert.False(acts.Any(act => act.Who != who && (act.At - at).Duration() < TimeSpan.FromMinutes(20)), $"{method} {path} tells the time {at:O} of an act: {text}");
    }

    /// <summary>Every instant that an answer holds, in words, in milliseconds, or inside an id (RFC 9562 § 5.7).</summary>
    private static IEnumerable<DateTimeOffset> InstantsIn(string text)
    {
        foreach (Match match in InstantPattern().Matches(text))
            if (DateTimeOffset.TryParse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) yield return at;
        foreach (Match match in MillisecondsPattern().Matches(text)) yield return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(match.Value, CultureInfo.InvariantCulture));
        foreach (Match match in IdPattern().Matches(text)) yield return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(match.Value.Replace("-", "", StringComparison.Ordinal).AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static string AuthorsOf(JsonElement review) => review.GetProperty("label").GetProperty("author").GetRawText();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")]
    private static partial Regex InstantPattern();

    [GeneratedRegex(@"(?<![0-9a-fA-F.-])1[5-9]\d{11}(?![0-9a-fA-F.-])")]
    private static partial Regex MillisecondsPattern();

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")]
    private static partial Regex IdPattern();

    private sealed record Worker(BrowserSession Browser, string Name, string Email)
    {
        /// <summary>What tells this person: name, its parts, as JSON escapes it, address, id in each form.</summary>
        public IEnumerable<string> Needles =>
        [
            .. Name.Split(' '), JsonSerializer.Serialize(Name).Trim('"'), Uri.EscapeDataString(Name), Email, Email.Split('@')[0],
            Browser.PersonId.ToString(), Browser.PersonId.ToString("N"), Convert.ToBase64String(Browser.PersonId.ToByteArray()), Browser.SessionId.ToString(), Browser.Thumbprint,
        ];
    }
}

/// <summary>On SQLite.</summary>
public sealed class AnonymizationOnSqliteTests() : AnonymizationTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class AnonymizationOnPostgresTests() : AnonymizationTests(DatabaseProvider.Postgres);
