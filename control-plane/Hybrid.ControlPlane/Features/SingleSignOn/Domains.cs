using System.Globalization;
using DnsClient;
using Hybrid.ControlPlane.Infrastructure.Hosting;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Proof that a mail domain is an organization's own: a TXT record, or the operator's word where there is no DNS.</summary>
internal interface IDomainProof
{
    /// <summary>Whether the domain is proven to be the organization's.</summary>
    Task<bool> IsProvenAsync(string domain, string token, Guid organizationId, CancellationToken ct);
}

/// <inheritdoc cref="IDomainProof"/>
internal sealed class DomainProof(ControlPlaneOptions options) : IDomainProof
{
    private readonly Lazy<LookupClient> dns = new(() => new LookupClient(new LookupClientOptions { Timeout = TimeSpan.FromSeconds(4), Retries = 1, UseCache = false }));

    /// <summary>Name of the record.</summary>
    public static string RecordOf(string domain) => "_hybrid-challenge." + domain;

    /// <summary>What the record holds.</summary>
    public static string ValueOf(string token) => "hybrid-domain-verification=" + token;

    /// <summary>The domain in lower case and A-labels; null when it is none.</summary>
    public static string? Normalize(string? domain)
    {
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii((domain ?? "").Trim().TrimEnd('.')).ToLowerInvariant();
            return ascii.Length is > 3 and <= 230 && ascii.Contains('.', StringComparison.Ordinal) && !System.Net.IPAddress.TryParse(ascii, out _) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The domain of an e-mail address; null when it has none.</summary>
    public static string? Of(string? email) => email?.LastIndexOf('@') is > 0 and var at ? Normalize(email[(at + 1)..]) : null;

    public async Task<bool> IsProvenAsync(string domain, string token, Guid organizationId, CancellationToken ct)
    {
        if (options.SingleSignOn.ProvenDomains.TryGetValue(domain, out var owner)) return owner == organizationId;
        try
        {
            var answer = await dns.Value.QueryAsync(RecordOf(domain), QueryType.TXT, cancellationToken: ct);
            return answer.Answers.TxtRecords().Any(r => string.Concat(r.Text) == ValueOf(token));
        }
        catch (DnsResponseException)
        {
            return false;
        }
    }
}
