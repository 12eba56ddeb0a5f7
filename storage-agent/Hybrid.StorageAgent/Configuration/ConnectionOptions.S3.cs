namespace Hybrid.StorageAgent.Configuration;

/// <content>Provider <c>s3</c>: AWS and everything that speaks its protocol.</content>
public sealed partial class ConnectionOptions
{
    /// <summary>Region. Default: us-east-1.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Path style (https://host/bucket/key) instead of virtual-host style. Unset: path style where an endpoint is given.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>Static access key; unset = <see cref="Profile"/>, else the default credential chain.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Static secret key.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Name of a profile in the shared AWS files. Unset: the default chain (environment, web identity, instance role).</summary>
    public string? Profile { get; set; }

    /// <summary>Role to take on by the credentials above, or by <see cref="WebIdentityTokenFile"/>. Unset: none.</summary>
    public string? RoleArn { get; set; }

    /// <summary>External id that the role's trust policy asks for. Unset: none.</summary>
    public string? ExternalId { get; set; }

    /// <summary>File with an OIDC token that stands for the role (read anew at each renewal). Unset: none.</summary>
    public string? WebIdentityTokenFile { get; set; }

    /// <summary>Endpoint of the token service (STS). Unset: AWS's of the region, or <see cref="Endpoint"/> where that is given.</summary>
    public Uri? StsEndpoint { get; set; }

    /// <summary>
    /// Whether the role's credentials are narrowed to this bucket and <see cref="Prefixes"/> by a session policy, so that even a stolen
    /// one opens no more. Default: yes; only where <see cref="RoleArn"/> is given.
    /// </summary>
    public bool ScopeCredentials { get; set; } = true;

    /// <summary>Whether the account of the agent pays for requests (requester-pays buckets). Default: no.</summary>
    public bool RequesterPays { get; set; }

    /// <summary>Whether bucket and key stand in the path.</summary>
    internal bool UsesPathStyle => PathStyle ?? Endpoint is not null;

    private IEnumerable<string> S3Mistakes()
    {
        if (string.IsNullOrEmpty(Bucket)) yield return "bucket is missing.";
        if (string.IsNullOrEmpty(Region)) yield return "region is empty: give the bucket's region, e.g. \"eu-central-1\" (for a store without regions \"us-east-1\").";
        if ((AccessKey is null) != (SecretKey is null)) yield return "give accessKey and secretKey both, or neither (then the default chain is used).";
        if (AccessKey is not null && Profile is not null) yield return "accessKey and profile are both given: remove one.";
        if (RoleArn is not null && !RoleArn.StartsWith("arn:", StringComparison.Ordinal)) yield return $"roleArn is {RoleArn}; give the role's ARN, e.g. \"arn:aws:iam::123456789012:role/hybrid-agent\".";
        if (RoleArn is null && (ExternalId ?? WebIdentityTokenFile) is not null) yield return "externalId and webIdentityTokenFile belong to a role: give roleArn.";
        if (WebIdentityTokenFile is not null && !File.Exists(WebIdentityTokenFile)) yield return $"webIdentityTokenFile {WebIdentityTokenFile} does not exist or cannot be read by this process.";
        if (WebIdentityTokenFile is not null && (AccessKey ?? Profile ?? ExternalId) is not null) yield return "webIdentityTokenFile stands for itself: remove accessKey, profile and externalId.";
        if (RoleArn is not null && ScopeCredentials && Bucket is not null && Providers.S3.SessionPolicy.For(this).Length > Providers.S3.SessionPolicy.MaxLength)
            yield return $"the prefixes are too many or too long for a session policy ({Providers.S3.SessionPolicy.MaxLength} characters): shorten them, or set scopeCredentials to false (URLs and policy still hold to them).";
        if (Bucket?.Contains('.', StringComparison.Ordinal) == true && !UsesPathStyle && (PublicEndpoint ?? Endpoint)?.Scheme != Uri.UriSchemeHttp)
            yield return $"bucket {Bucket} has a dot in its name, which no certificate covers in virtual-host style: set pathStyle to true.";
    }
}
