using System.Security.Cryptography;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>A real store filled with the contract's objects; made once for a class of tests.</summary>
public abstract class ContractStore : IAsyncLifetime
{
    /// <summary>Objects below <c>many/</c>.</summary>
    public const int Many = 2_500;

    /// <summary>An object with something in it to cut ranges from.</summary>
    public const string Large = "odd/large.png";

    private static readonly string[] OddNames =
    [
        "a b.png", "ünï-日本-😀.png", "a+b&c=d.png", "100%.png", "%2e%2e%2fsecret.png", "quo\"te's.png", "semi;colon,(1)!$*~@:.png", "what?.png", "hash#tag.png",
        "UPPER.PNG", "upper.png", "<angle>[1]{2}|^`.png", "a..two", "dots..png", "empty.png",
    ];

    private readonly Lazy<Task> filling;
    private HttpClient? http;

    protected ContractStore() => filling = new Lazy<Task>(() => FillAsync(Objects));

    /// <summary>Every object by key.</summary>
    public IReadOnlyDictionary<string, byte[]> Objects { get; } = Make();

    /// <summary>Fetches as a browser does; trusts the store's certificate.</summary>
    public HttpClient Http => http ??= MakeHttp();

    /// <summary>Whether a URL for GET also serves HEAD; otherwise it must be refused.</summary>
    public virtual bool ServesHead => false;

    /// <summary>Whether <c>bytes=-n</c> is answered; otherwise the whole object comes.</summary>
    public virtual bool ServesSuffixRange => true;

    /// <summary>Whether the URL makes the store answer <c>no-store</c>.</summary>
    public virtual bool PinsCacheControl => true;

    /// <summary>Whether the store itself enforces the secret header.</summary>
    public virtual bool EnforcesHeader => true;

    /// <summary>Fills the store, once; skips the test where there is no server.</summary>
    public Task ReadyAsync() => filling.Value;

    /// <summary>A provider as the agent makes it.</summary>
    /// <param name="clock">Its clock.</param>
    public abstract IStorageProvider Provider(TimeProvider clock);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        http?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A browser that trusts the store.</summary>
    protected virtual HttpClient MakeHttp() => new();

    protected abstract Task FillAsync(IReadOnlyDictionary<string, byte[]> objects);

    private static Dictionary<string, byte[]> Make()
    {
        var objects = Enumerable.Range(0, Many).ToDictionary(i => $"many/{i:D5}.png", i => BitConverter.GetBytes(i), StringComparer.Ordinal);
        foreach (var name in OddNames) objects[$"odd/{name}"] = name == "empty.png" ? [] : RandomNumberGenerator.GetBytes(200);
        objects[Large] = RandomNumberGenerator.GetBytes(300_000);
        return objects;
    }
}
