using System.Net;
using System.Text.Json;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>Refusals as callers see them.</summary>
public static class Problems
{
    /// <summary>Asserts an RFC 9457 problem with this status and code, and a remedy.</summary>
    public static async Task<JsonElement> IsProblemAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string code)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        return problem;
    }

    /// <summary>Asserts that the server did not fail.</summary>
    public static async Task IsNoServerErrorAsync(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.True((int)response.StatusCode < 500, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>The body without the trace's id, for comparing answers that must not differ.</summary>
    public static async Task<string> BareAsync(this HttpResponseMessage response) =>
        System.Text.RegularExpressions.Regex.Replace(await response.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", "\"traceId\":null");
}
