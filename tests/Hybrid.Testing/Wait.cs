namespace Hybrid.Testing;

/// <summary>Waits for something that happens in the background, by asking, with a bound.</summary>
public static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await happened()) await Task.Delay(25, bound.Token);
    }
}
