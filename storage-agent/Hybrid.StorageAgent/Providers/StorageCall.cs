using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Hybrid.StorageAgent.Providers;

/// <summary>
/// Holds every question to one server to one time limit, and every failure to one list of codes, whatever the provider's library throws;
/// a server that fails again and again is let rest (<see cref="CircuitBreaker"/>).
/// </summary>
/// <param name="limit">How long a question may take in all, its retries included.</param>
/// <param name="clock">Measures it.</param>
/// <param name="server">Who is asked, in words.</param>
public sealed class StorageCall(TimeSpan limit, TimeProvider clock, string server = "store")
{
    /// <summary>Whether the server rests.</summary>
    public CircuitBreaker Breaker { get; } = new(server, clock);

    /// <summary>Asks; a named <see cref="StorageException"/> at the latest when the time is up.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="translate">What the provider's own exceptions mean; null where it does not know.</param>
    /// <param name="ct">The asker's patience, which may end before the limit.</param>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, Func<Exception, StorageException?> translate, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(translate);
        var entered = Breaker.Enter();
        try
        {
            var answer = await AskOnceAsync(ask, translate, ct);
            Breaker.Answered(entered);
            return answer;
        }
        catch (StorageException failed)
        {
            Breaker.Failed(entered, failed.Code);
            throw;
        }
        catch
        {
            Breaker.GivenUp(entered);
            throw;
        }
    }

    /// <summary>What a status of the store means.</summary>
    public static StorageException OfStatus(HttpStatusCode status, Exception? inner = null) => status switch
    {
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
            new StorageException("storage.forbidden", $"The store refused the agent ({(int)status}). Check its policy and the agent's credentials with hybrid-agent check.", inner),
        HttpStatusCode.NotFound => new StorageException("storage.not_found", "The object, or the bucket, container or folder, does not exist (404). Check its name; it may have been moved or deleted.", inner),
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
            new StorageException("storage.busy", $"The store asks to slow down ({(int)status}). Try again in a minute.", inner),
        HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => Slow(inner),
        _ => new StorageException("storage.failed", $"The store answered with an error ({(int)status}). Try again.", inner),
    };

    private async Task<T> AskOnceAsync<T>(Func<CancellationToken, Task<T>> ask, Func<Exception, StorageException?> translate, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            // A library that does not look at its token in time is left behind, not waited for.
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (Exception late) when (patience.IsCancellationRequested && !ct.IsCancellationRequested && late is not StorageException)
        {
            throw Slow(late);
        }
        catch (Exception failed) when (failed is not (StorageException or OutOfMemoryException) && !ct.IsCancellationRequested)
        {
            throw translate(failed) ?? OfFailure(failed);
        }
    }

    /// <summary>What a failure on the way to the store means.</summary>
    public static StorageException OfFailure(Exception? failed) => (failed is null ? null : Network(failed))
        ?? new StorageException("storage.failed", "The store gave an answer that the agent cannot read. Check the endpoint with hybrid-agent check.", failed);

    /// <summary>The time is up.</summary>
    public static StorageException Slow(Exception? inner) =>
        new("storage.slow", "The store did not answer in time. Try again; if it stays so, check the way to it with hybrid-agent check.", inner);

    // An answer that began and broke off differs from none: the endpoint is right, the way to it is not.
    private static StorageException? Network(Exception failed)
    {
        for (var at = failed; at is not null; at = at.InnerException)
        {
            if (at is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } or EndOfStreamException)
                return new StorageException("storage.interrupted", "The connection to the store broke off in the middle of an answer. Try again.", failed);
            if (at is HttpRequestException { StatusCode: { } status }) return OfStatus(status, failed);
            if (at is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData })
                return new StorageException("storage.unreachable", "The store's name has no address here: DNS does not know it, or does not answer. Check the endpoint's name and this machine's resolver with hybrid-agent check.", failed);
            // The runtime names the chain's errors by their own names, in every language.
            if (at is AuthenticationException && at.Message.Contains(nameof(X509ChainStatusFlags.NotTimeValid), StringComparison.Ordinal))
                return new StorageException("storage.certificate", "The store's certificate has lapsed, or is not valid yet. Renew the store's certificate; if it is right, set this machine's clock.", failed);
            if (at is AuthenticationException)
                return new StorageException("storage.certificate", "The store's certificate is not trusted here. Give the connection the authority's certificate (caFile), or find out who stands between.", failed);
        }

        for (var at = failed; at is not null; at = at.InnerException)
        {
            if (at is HttpRequestException or IOException or SocketException)
                return new StorageException("storage.unreachable", "The store does not answer. Check endpoint, DNS and firewall with hybrid-agent check.", failed);
        }

        return null;
    }
}
