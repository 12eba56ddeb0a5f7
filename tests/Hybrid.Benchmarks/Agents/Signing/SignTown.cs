using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.Contracts.Enrolment;
using Hybrid.Contracts.Urls;
using Hybrid.Demo;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.Benchmarks.Agents.Signing;

/// <summary>One request as it goes over the wire, with what opens its answer.</summary>
/// <param name="Body">Grant, proof and objects.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Proof">The proof.</param>
/// <param name="TokenId">The proof's jti.</param>
/// <param name="GrantHash">The proof's ath.</param>
internal sealed record SignRequest(byte[] Body, string Grant, string Proof, string TokenId, string GrantHash);

/// <summary>An enrolled agent's folder, of the control plane the keys alone, and 200 browsers with their keys and grants.</summary>
internal sealed class SignTown : IAsyncDisposable
{
    public const int Browsers = 200;

    private readonly ECDsa controlPlane = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa agentKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDiffieHellman sealing = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa[] browsers = [.. Enumerable.Range(0, Browsers).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
    private readonly Guid agentId = Guid.NewGuid();
    private WebApplication? keys;
    private int made;

    public string Home { get; } = Directory.CreateTempSubdirectory("hybrid-sign-").FullName;

    public Uri Url { get; } = new($"http://127.0.0.1:{Running.Installation.FreePort()}");

    public Uri ControlPlane { get; } = new($"http://127.0.0.1:{Running.Installation.FreePort()}");

    public string Config => Path.Combine(Home, "agent.json");

    public string AccessLog => Path.Combine(Home, "data", "access-log");

    public EcPublicJwk SealingKey => EcPublicJwk.Of(sealing);

    public EcPublicJwk GrantKey => EcPublicJwk.Of(controlPlane);

    public ECDsa AgentKey => agentKey;

    /// <summary>Signs the agent's own URLs, as it does.</summary>
    public AgentUrls Urls { get; private set; } = null!;

    /// <summary>Writes the agent's file and identity, and serves the keys.</summary>
    /// <param name="endpoint">Where the store is; nothing is asked of it to sign.</param>
    /// <param name="delivery">How browsers get at objects.</param>
    public async Task PrepareAsync(Uri endpoint, string delivery = "presigned")
    {
        // Its key is this one's; it is disposed of by its owner.
        var identity = AgentIdentity.Create(Path.Combine(Home, "data"), agentId, agentKey, EcPublicJwk.Of(controlPlane).Thumbprint);
        Urls = new AgentUrls(identity.Secret, TimeProvider.System);
        // Fixed keys and no scope: nothing is asked of a store to sign. Ceilings as high as the file takes them.
        await File.WriteAllTextAsync(Config, JsonSerializer.Serialize(new
        {
            controlPlane = ControlPlane.GetLeftPart(UriPartial.Authority), publicUrl = Url.GetLeftPart(UriPartial.Authority), listen = Url.GetLeftPart(UriPartial.Authority),
            dataDirectory = Path.Combine(Home, "data"), limits = new { perPersonPerMinute = 100_000_000, perPersonPerHour = 100_000_000 },
            connections = new[] { new { name = "pictures", provider = "s3", bucket = "pictures", endpoint, delivery, accessKey = "AKIDEXAMPLE", secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scopeCredentials = false } },
        }));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        keys = builder.Build();
        keys.Urls.Add(ControlPlane.ToString());
        var statement = KeyStatement.Sign(EcPublicJwk.Of(controlPlane), controlPlane, DateTimeOffset.UtcNow);
        keys.MapGet("/agent/v1/keys", () => Results.Json(new KeyStatements([statement])));
        await keys.StartAsync();
    }

    /// <summary>Starts the agent's own program on one core, and waits until it answers.</summary>
    public async Task<Child> StartAgentAsync(int core, Dictionary<string, string> environment, CancellationToken ct)
    {
        var log = Path.Combine(Home, "agent.log");
        var agent = Child.Start(
            "storage agent", log, "taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), "dotnet", Running.Installation.Host("storage-agent/Hybrid.StorageAgent", "hybrid-agent"), "run", "--config", Config], environment);
        for (var began = Stopwatch.GetTimestamp(); !await Running.Installation.AnswersAsync(new Uri(Url, "/health/live"));)
        {
            if (agent.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1)) throw new DemoException($"The agent did not start: {await File.ReadAllTextAsync(log, ct)}");
            await Task.Delay(50, ct);
        }

        return agent;
    }

    /// <summary>Fresh requests, each of a browser in turn; a proof is good for a minute and once.</summary>
    public IReadOnlyList<SignRequest> Make(int count, int objects)
    {
        var references = Enumerable.Range(0, objects).Select(i => new ObjectReference("pictures", string.Create(CultureInfo.InvariantCulture, $"ward 3/2026/scan-{i:D6}.jpg"), null)).ToArray();
        var (digests, digest, epk, now) = (references.Select(ObjectDigest.Of).ToArray(), ObjectDigest.OfAll(references), SealingKey, DateTimeOffset.UtcNow);
        var grants = browsers.Select((b, i) => new GrantClaims
        {
            Issuer = ControlPlane.GetLeftPart(UriPartial.Authority), Audience = agentId.ToString(), Subject = $"person-{i}", Project = Guid.NewGuid().ToString(), Task = "task", Connection = "pictures",
            Objects = digests, Act = "work", IssuedAt = now, ExpiresAt = now.AddMinutes(5), TokenId = Guid.NewGuid().ToString(), KeyThumbprint = EcPublicJwk.Of(b).Thumbprint,
        }.Sign(controlPlane, GrantKey.Thumbprint)).ToArray();
        var requests = new SignRequest[count];
        Parallel.For(0, count, i =>
        {
            var (grant, jti) = (grants[i % Browsers], string.Create(CultureInfo.InvariantCulture, $"jti-{Interlocked.Increment(ref made)}"));
            var expected = new ProofExpectation("POST", $"https://{agentId}.agent.hybrid.internal/v1/urls") { GrantHash = GrantClaims.HashOf(grant), ObjectsDigest = digest };
            string proof;
            lock (browsers[i % Browsers]) proof = ProofReader.Sign(browsers[i % Browsers], expected, now, epk, jti);
            requests[i] = new SignRequest(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new UrlRequest(grant, proof, references), JsonSerializerOptions.Web)), grant, proof, jti, expected.GrantHash);
        });
        return requests;
    }

    /// <summary>Throws unless the answer is the agent's, to this request, and has a URL for every object.</summary>
    public void Check(SignRequest request, string answer, int objects)
    {
        var agent = EcPublicJwk.Of(agentKey);
        var opened = Hybrid.Security.Sealing.SealedAnswer.Open(answer, sealing, id => id == agent.Thumbprint ? agent : null, request.TokenId, request.GrantHash);
        if (!opened.IsOk || opened.Value.Objects.Count(o => o.Url is not null) != objects) throw new InvalidOperationException($"The answer is no answer: {answer[..Math.Min(answer.Length, 300)]}");
    }

    public async ValueTask DisposeAsync()
    {
        if (keys is not null) await keys.DisposeAsync();
        foreach (var browser in browsers) browser.Dispose();
        controlPlane.Dispose();
        agentKey.Dispose();
        sealing.Dispose();
        Directory.Delete(Home, recursive: true);
    }
}
