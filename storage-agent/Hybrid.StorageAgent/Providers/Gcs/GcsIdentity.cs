using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.Gcs;

/// <summary>Who the agent is at Google: tokens for the JSON API, and a signature that stands for a service account.</summary>
/// <param name="Tokens">Gives access tokens, renewed before they lapse.</param>
/// <param name="Signer">Signs, here or by IAM.</param>
/// <param name="Account">The service account.</param>
/// <param name="SignsHere">Whether signing asks nobody.</param>
internal sealed record GcsIdentity(ITokenAccess Tokens, IBlobSigner Signer, string Account, bool SignsHere)
{
    private static readonly string[] Scopes = ["https://www.googleapis.com/auth/devstorage.read_only", "https://www.googleapis.com/auth/iam"];

    /// <summary>Finds the identity: a key file, or application default credentials (federation, workload identity, the machine's own); and upon it an impersonation.</summary>
    public static async Task<GcsIdentity> FindAsync(ConnectionOptions options, HttpMessageHandler handler, CancellationToken ct)
    {
        var source = options.KeyFile is { } file
            // Exactly this kind: a file of another kind could make the agent run a program or ask any address for tokens.
            ? (await CredentialFactory.FromFileAsync<ServiceAccountCredential>(file, ct)).ToGoogleCredential()
            : await GoogleCredential.GetApplicationDefaultAsync(ct);
        return await OfAsync(source, options, handler, ct);
    }

    /// <summary>The identity that a credential makes.</summary>
    public static async Task<GcsIdentity> OfAsync(GoogleCredential source, ConnectionOptions options, HttpMessageHandler handler, CancellationToken ct)
    {
        var reach = new Reach(handler);
        var credential = source.CreateWithHttpClientFactory(reach).CreateScoped(Scopes);
        if (options.Impersonate is { } email) credential = credential.Impersonate(new ImpersonatedCredential.Initializer(email) { Scopes = Scopes, HttpClientFactory = reach });
        return credential.UnderlyingCredential switch
        {
            ServiceAccountCredential key => new GcsIdentity(credential, key, key.Id, SignsHere: true),
            ImpersonatedCredential other => new GcsIdentity(credential, other, other.TargetPrincipal, SignsHere: false),
            ComputeCredential machine => new GcsIdentity(credential, machine, await machine.GetDefaultServiceAccountEmailAsync(ct), SignsHere: false),
            _ => throw new StorageException("storage.cannot_sign", "These Google credentials cannot sign URLs. Name a service account in impersonate and give them the role Service Account Token Creator on it."),
        };
    }

    // Credentials are never disposed of, so they may share the connection's own handler.
    private sealed class Reach(HttpMessageHandler handler) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => handler;
    }
}
