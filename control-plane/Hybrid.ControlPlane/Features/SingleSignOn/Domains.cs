using System.Globalization;
using DnsClient;
using Hybrid.ControlPlane.Infrastructure.Hosting;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Proof that a mail domain is an organization's own: a TXT record, or the operator's word where there is no DNS.</summary>
internal sealed class DomainProof(ControlPlaneOptions options)
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

    /// <summary>Whether the domain is proven to be the organization's: by the operator's word where there is one, else by its record.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="organizationId">The organization.</param>
    /// <param name="published">Whether its record was seen.</param>
    public bool IsProven(string domain, Guid organizationId, bool published) =>
        options.SingleSignOn.ProvenDomains.TryGetValue(domain, out var owner) ? owner == organizationId : published;

    /// <summary>Whether DNS has the record.</summary>
    public async Task<bool> IsPublishedAsync(string name, string value, CancellationToken ct)
    {
        try
        {
            var answer = await dns.Value.QueryAsync(name, QueryType.TXT, cancellationToken: ct);
            return answer.Answers.TxtRecords().Any(r => string.Concat(r.Text) == value);
        }
        catch (DnsResponseException)
        {
            return false;
        }
    }
}
