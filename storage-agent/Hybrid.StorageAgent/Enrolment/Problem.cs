using System.Text.Json;

namespace Hybrid.StorageAgent.Enrolment;

/// <summary>What a refusal of the control plane says (RFC 9457).</summary>
internal static class Problem
{
    /// <summary>Title and mend, or the status where there is no problem to read.</summary>
    public static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(ct));
            return $"{problem.RootElement.GetProperty("title").GetString()} {problem.RootElement.GetProperty("detail").GetString()}";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"HTTP {(int)response.StatusCode}.";
        }
    }
}
