using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.ServiceDefaults.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults.Tests.Operators;

[Collection("alone")]
public sealed partial class OperatorListenerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_OnThePublicPort_NamesTheCheck_AndOnlyOperatorsReadWhy()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var (url, operators) = (Ports.FreeUrl(), Ports.FreeUrl());
        builder.AddServiceDefaults(new ServiceDescription("half", "1.0.0", "Half"), new OperatorOptions { Listen = operators.GetLeftPart(UriPartial.Authority) });
        builder.Services.AddHealthChecks()
            .AddCheck("good", () => HealthCheckResult.Healthy(), ["ready"])
            .AddCheck("store", () => HealthCheckResult.Unhealthy("The disk is full."), ["ready"])
            .AddCheck("thrown", () => throw new InvalidOperationException("Password=hunter2"), ["ready"]);
        await using var app = builder.Build();
        app.Urls.Add(url.ToString());
        app.UseServiceDefaults(_ => { });
        app.MapServiceDefaults();
        Assert.Null(await app.OpenOperatorListenerAsync());
        await app.StartAsync(Ct);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(url, "/health/live"), Ct)).StatusCode);
        var (status, text) = await GetAsync(http, new Uri(url, "/health/ready"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"failed","failed":["store","thrown"]}"""), (status, text));

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(operators, "/health/live"), Ct)).StatusCode);
        (status, text) = await GetAsync(http, new Uri(operators, "/health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("The disk is full.", JsonElement.Parse(text).GetProperty("failed").GetProperty("store").GetString());
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);

        // Neither port has what belongs to the other.
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(url, "/metrics"), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(operators, "/"), Ct)).StatusCode);
    }

    [Fact]
    public async Task Label_ThatIsNotOnTheList_ReachesNobody()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var operators = Ports.FreeUrl();
        builder.AddServiceDefaults(new ServiceDescription("careless", "1.0.0", "Careless.Labels"), new OperatorOptions { Listen = operators.GetLeftPart(UriPartial.Authority) });
        await using var app = builder.Build();
        app.Urls.Add(Ports.FreeUrl().ToString());
        await app.StartAsync(Ct);
        Assert.Null(await app.OpenOperatorListenerAsync());
        var counter = app.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>().Create(new System.Diagnostics.Metrics.MeterOptions("Careless.Labels")).CreateCounter<long>("careless");
        for (var i = 0; i < 1500; i++) counter.Add(1, new("act", $"task.{i}"), new("person", $"person-{i}"));
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(operators, "/metrics"), Ct);
        Assert.Contains("act=\"task.1\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("person", text, StringComparison.Ordinal);
        Assert.True(text.Split('\n').Count(l => l.StartsWith("careless_total", StringComparison.Ordinal)) is > 900 and <= 1001);
    }

    [Fact]
    public async Task Metrics_ShowTheLoop_WithoutAnId()
    {
        var operators = Ports.FreeUrl();
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, $"--Operator:Listen={operators.GetLeftPart(UriPartial.Authority)}");
        await using var town = await Town.BuildAsync(host, assets: 3);
        var task = (await town.NextAsync(town.Ana))!.Value;
        var id = task.GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await town.Ana.GrantAsync($"{town.Tasks}/{id}/grant"));
        await town.Ana.PostAsync($"{town.Tasks}/{id}/submit", new { document = Town.Label(), activeMs = 5 }, key: Guid.NewGuid().ToString());
        await town.Ana.Http.GetAsync($"/api/projects/{Guid.NewGuid()}", Ct);
        await town.Ana.Http.SendAsync(new HttpRequestMessage(new HttpMethod("ZAP"), "/api/projects"), Ct);

        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(operators, "/metrics"), Ct);
        Has("""hybrid_acts_total\{[^}]*act="task\.claimed"[^}]*\} 1(\n|$)""", text);
        Has("""hybrid_acts_total\{[^}]*act="grant\.issued"[^}]*\} 1(\n|$)""", text);
        Has("""hybrid_acts_total\{[^}]*act="label\.submitted"[^}]*\} 1(\n|$)""", text);
        Has("""hybrid_links_up\{?[^}]*\}? 1(\n|$)""", text);
        Has("""hybrid_use_case_duration_seconds_count\{[^}]*outcome="ok"[^}]*use_case="SubmitLabel"[^}]*\} 1(\n|$)""", text);
        Has("""hybrid_use_case_duration_seconds_count\{[^}]*outcome="not_found"[^}]*use_case="ViewProject"[^}]*\} 1(\n|$)""", text);
        Assert.Contains("kestrel_active_connections", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections", text, StringComparison.Ordinal);

        var labels = text.Split('\n').Where(l => !l.StartsWith('#') && !l.StartsWith("target_info", StringComparison.Ordinal));
        foreach (var line in labels) Assert.False(Personal().IsMatch(line) || line.Contains("ZAP", StringComparison.Ordinal), line);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9464", null)]
    [InlineData("http://0.0.0.0:9464", null)]
    [InlineData("http://[::1]:9464", null)]
    [InlineData("http://localhost:9464/", null)]
    [InlineData(null, null)]
    [InlineData("https://127.0.0.1:9464", "L is https://127.0.0.1:9464: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.")]
    [InlineData("9464", "L is 9464: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.")]
    [InlineData("http://metrics.example:9464", "L is http://metrics.example:9464: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.")]
    [InlineData("http://127.0.0.1:9464/metrics", "L is http://127.0.0.1:9464/metrics: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.")]
    [InlineData("http://127.0.0.1:5080", "L is http://127.0.0.1:5080: the host itself listens on port 5080. Give another, e.g. 9464.")]
    public void Listen_IsCheckedBeforeTheStart(string? listen, string? mistake) =>
        Assert.Equal(mistake, new OperatorOptions { Listen = listen }.Mistakes("L", "F", "V", "http://localhost:5080").SingleOrDefault());

    [Theory]
    [InlineData("json", "Warning", null)]
    [InlineData("JSON", "debug", null)]
    [InlineData("xml", "Warning", "F is xml: give simple or json.")]
    [InlineData("simple", "7", "V is 7: give Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("simple", "loud", "V is loud: give Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("simple", "", "V is : give Trace, Debug, Information, Warning, Error, Critical, None.")]
    public void Logs_AreCheckedBeforeTheStart(string format, string level, string? mistake) =>
        Assert.Equal(mistake, new OperatorOptions { LogFormat = format, LogLevel = level }.Mistakes("L", "F", "V").SingleOrDefault());

    private static void Has(string pattern, string text) =>
        Assert.True(Regex.IsMatch(text, pattern), $"{pattern} is not in:\n{string.Join('\n', text.Split('\n').Where(l => l.StartsWith("hybrid_", StringComparison.Ordinal) && !l.Contains("_bucket", StringComparison.Ordinal)))}");

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient http, Uri url)
    {
        using var answer = await http.GetAsync(url, Ct);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    // An id or an address of a person in a label would make a series for each of them.
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}|@|[0-9a-f]{32}")]
    private static partial Regex Personal();
}
