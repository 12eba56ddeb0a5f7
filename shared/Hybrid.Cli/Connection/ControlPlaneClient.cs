using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Cli.Connection;

/// <summary>The control plane's API, as a service account sees it. Redirects are not followed: the key would go with them.</summary>
internal sealed class ControlPlaneClient : IDisposable
{
    /// <summary>Longest wait for one answer; a check of 10,000 lines takes seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly HttpClient http;

    public ControlPlaneClient(Credentials credentials)
    {
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = credentials.Url, Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credentials.Key);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("hybrid-cli/0.1");
    }

    /// <summary>Asks with a body.</summary>
    /// <exception cref="Failure">The server refused, or did not answer.</exception>
    public Task<T> PostAsync<T>(string path, object body, CancellationToken ct) => AnswerAsync<T>(() => http.PostAsJsonAsync(path, body, Json, ct), ct);

    /// <summary>Asks.</summary>
    /// <exception cref="Failure">The server refused, or did not answer.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken ct) => AnswerAsync<T>(() => http.GetAsync(path, ct), ct);

    public void Dispose() => http.Dispose();

    private static async Task<T> AnswerAsync<T>(Func<Task<HttpResponseMessage>> send, CancellationToken ct)
    {
        try
        {
            using var answer = await send();
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync<T>(Json, ct) ?? throw new Failure("The answer is empty: is this the address of a Hybrid control plane?");
            throw await RefusalAsync(answer, ct);
        }
        catch (JsonException)
        {
            throw new Failure("The answer is not one of a Hybrid control plane. Check --url.");
        }
        catch (HttpRequestException e)
        {
            throw new Failure($"The control plane cannot be reached: {e.Message}", passing: true);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new Failure("The control plane did not answer in time. Try again.", passing: true);
        }
    }

    private static async Task<Failure> RefusalAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var passing = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return new Failure($"The control plane answered {(int)answer.StatusCode}. Check --url, and whether something stands in between.", passing);
        var problem = await answer.Content.ReadFromJsonAsync<Problem>(Json, ct);
        var fields = problem?.Errors?.SelectMany(e => e.Value) ?? [];
        return new Failure($"{problem?.Title} {problem?.Detail} {string.Join(' ', fields)} ({problem?.Code})".Replace("  ", " ", StringComparison.Ordinal), passing);
    }

    private sealed record Problem(string Code, string Title, string Detail, Dictionary<string, string[]>? Errors);
}
