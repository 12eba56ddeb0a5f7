using System.Globalization;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>What of AWS no server at hand has: STS with its conditions, the metadata service, KMS refusals.</summary>
internal sealed class AwsWire : IDisposable
{
    public AwsWire() => Server = WireMockServer.Start();

    public WireMockServer Server { get; }

    public Uri Url => new(Server.Url!);

    /// <summary>Everything that was asked, oldest first.</summary>
    public IReadOnlyList<IRequestMessage> Asked => [.. Server.LogEntries.Select(e => e.RequestMessage!)];

    /// <summary>Bodies of what was asked of STS, oldest first.</summary>
    public IReadOnlyList<string> AskedOfSts => [.. Asked.Where(r => r.Path.StartsWith("/sts", StringComparison.Ordinal)).Select(r => Uri.UnescapeDataString(r.Body ?? ""))];

    /// <summary>Headers of what was asked of the bucket <c>scans</c>, oldest first.</summary>
    public IReadOnlyList<(string Url, string Authorization, string Headers)> AskedOfBucket =>
    [
        .. Asked.Where(r => r.Path.StartsWith("/scans", StringComparison.Ordinal)).Select(r => (
            r.Url, r.Headers!.TryGetValue("Authorization", out var a) ? a.Single() : "", string.Join('\n', r.Headers!.Select(h => $"{h.Key.ToLowerInvariant()}: {string.Join(',', h.Value)}")))),
    ];

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>STS gives credentials with this access key.</summary>
    public void StsGives(string action, string accessKey, DateTimeOffset expires) => Sts(200, $"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials><AccessKeyId>{accessKey}</AccessKeyId><SecretAccessKey>secret-{accessKey}</SecretAccessKey>
        <SessionToken>token-{accessKey}</SessionToken><Expiration>{Iso(expires)}</Expiration></Credentials></{action}Result></{action}Response>
        """);

    /// <summary>STS refuses or fails.</summary>
    public void StsFails(int status, string code) =>
        Sts(status, $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>");

    /// <summary>The bucket lists one object.</summary>
    public void BucketLists() => Server.Given(Request.Create().WithPath("/scans*").UsingGet()).AtPriority(5).RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/xml").WithBody("""
        <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>scans</Name><IsTruncated>false</IsTruncated>
        <Contents><Key>in/a.png</Key><Size>3</Size><ETag>"e"</ETag></Contents></ListBucketResult>
        """));

    /// <summary>The bucket refuses as S3 does.</summary>
    public void BucketRefuses(int status, string code, string message) => Server.Given(Request.Create().WithPath("/scans/*").UsingGet()).AtPriority(1).RespondWith(
        Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/xml").WithBody($"<Error><Code>{code}</Code><Message>{message}</Message></Error>"));

    public void Dispose() => Server.Dispose();

    private void Sts(int status, string body)
    {
        foreach (var mapping in Server.Mappings.Where(m => m.Title == "sts").ToList()) Server.DeleteMapping(mapping.Guid);
        Server.Given(Request.Create().WithPath("/sts*").UsingPost()).WithTitle("sts").RespondWith(Response.Create().WithStatusCode(status).WithHeader("Content-Type", "text/xml").WithBody(body));
    }
}
