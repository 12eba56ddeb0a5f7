using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.S3;

/// <summary>
/// Where a connection's credentials come from: static keys, a profile, or the SDK's default chain (environment, web identity, container,
/// instance role by IMDSv2); and upon them, or upon a web identity, a role. Asked of nobody before they are needed.
/// </summary>
internal sealed class S3CredentialSource : AWSCredentials, IDisposable
{
    private readonly ConnectionOptions options;
    private readonly Func<ClientConfig, ClientConfig> configure;
    private readonly StorageCall call;
    private readonly S3Credentials? fixedKeys;
    private readonly Lazy<AWSCredentials> own;
    private readonly Lazy<AmazonSecurityTokenServiceClient> sts;
    private readonly Renewed<S3Credentials>? role;

    /// <summary>Prepares the source.</summary>
    /// <param name="options">The connection.</param>
    /// <param name="configure">Gives a client of the SDK the connection's time limits and authorities.</param>
    /// <param name="call">The connection's time limit, and the token service's rest.</param>
    /// <param name="clock">The present instant.</param>
    public S3CredentialSource(ConnectionOptions options, Func<ClientConfig, ClientConfig> configure, StorageCall call, TimeProvider clock)
    {
        (this.options, this.configure, this.call) = (options, configure, call);
        own = new Lazy<AWSCredentials>(Own);
        sts = new Lazy<AmazonSecurityTokenServiceClient>(Sts);
        if (options.RoleArn is not null) role = new Renewed<S3Credentials>(AssumeAsync, clock);
        else if (options.AccessKey is not null) fixedKeys = new S3Credentials(options.AccessKey, options.SecretKey!);
    }

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        var now = await CurrentAsync(CancellationToken.None);
        return new ImmutableCredentials(now.AccessKey, now.SecretKey, now.SessionToken);
    }

    /// <summary>The credentials of this moment.</summary>
    /// <exception cref="StorageException">There are none.</exception>
    public async ValueTask<S3Credentials> CurrentAsync(CancellationToken ct)
    {
        if (fixedKeys is not null) return fixedKeys;
        if (role is not null) return (await role.GetAsync(ct)).Value;
        try
        {
            var now = await own.Value.GetCredentialsAsync();
            return new S3Credentials(now.AccessKey, now.SecretKey, now.UseToken ? now.Token : null, own.Value.Expiration is { } e ? new DateTimeOffset(e.ToUniversalTime()) : null);
        }
        catch (Exception none) when (none is AmazonClientException or AmazonServiceException or HttpRequestException or InvalidOperationException)
        {
            throw new StorageException("storage.no_credentials", "The agent has no storage credentials. Give it an instance role, a web identity, a profile or keys.", none);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        role?.Dispose();
        if (sts.IsValueCreated) sts.Value.Dispose();
    }

    private AWSCredentials Own()
    {
        if (options.AccessKey is not null) return new BasicAWSCredentials(options.AccessKey, options.SecretKey);
        if (options.Profile is null) return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        return new CredentialProfileStoreChain().TryGetAWSCredentials(options.Profile, out var found)
            ? found
            : throw new StorageException("storage.no_credentials", $"The profile {options.Profile} is not in the agent's AWS files. Write it there, or set AWS_SHARED_CREDENTIALS_FILE for the agent.");
    }

    private AmazonSecurityTokenServiceClient Sts()
    {
        var config = (AmazonSecurityTokenServiceConfig)configure(new AmazonSecurityTokenServiceConfig());
        if ((options.StsEndpoint ?? options.Endpoint) is { } endpoint) (config.ServiceURL, config.AuthenticationRegion) = (endpoint.ToString(), options.Region);
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return new AmazonSecurityTokenServiceClient(options.WebIdentityTokenFile is null ? own.Value : new AnonymousAWSCredentials(), config);
    }

    private Task<(S3Credentials Value, DateTimeOffset ExpiresAt)> AssumeAsync(CancellationToken ct) => call.AskAsync(
        async token =>
        {
            var policy = options.ScopeCredentials ? SessionPolicy.For(options) : null;
            var given = options.WebIdentityTokenFile is { } file
                ? (await sts.Value.AssumeRoleWithWebIdentityAsync(
                    new AssumeRoleWithWebIdentityRequest
                    {
                        RoleArn = options.RoleArn, RoleSessionName = $"hybrid-{options.Name}"[..Math.Min(64, 7 + options.Name.Length)], Policy = policy,
                        WebIdentityToken = (await File.ReadAllTextAsync(file, token)).Trim(),
                    },
                    token)).Credentials
                : (await sts.Value.AssumeRoleAsync(
                    new AssumeRoleRequest
                    {
                        RoleArn = options.RoleArn, RoleSessionName = $"hybrid-{options.Name}"[..Math.Min(64, 7 + options.Name.Length)], Policy = policy, ExternalId = options.ExternalId,
                    },
                    token)).Credentials;
            var lapse = new DateTimeOffset(given.Expiration!.Value.ToUniversalTime());
            return (new S3Credentials(given.AccessKeyId, given.SecretAccessKey, given.SessionToken, lapse), lapse);
        },
        failed => failed switch
        {
            AmazonServiceException { StatusCode: System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.BadRequest or System.Net.HttpStatusCode.Unauthorized } refused =>
                new StorageException("storage.role_refused", $"The token service did not give the role ({refused.ErrorCode}). Check the role's trust policy, its external id and the identity's token.", failed),
            AmazonServiceException { StatusCode: not 0, InnerException: not HttpRequestException } answered => StorageCall.OfStatus(answered.StatusCode, failed),
            FileNotFoundException => new StorageException("storage.no_credentials", "The web identity's token file is not there any more. Check what writes it.", failed),
            _ => null,
        },
        ct);
}
