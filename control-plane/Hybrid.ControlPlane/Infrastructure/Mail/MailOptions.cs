using System.Net;
using Hybrid.ControlPlane.Persistence;
using MimeKit;

namespace Hybrid.ControlPlane.Infrastructure.Mail;

/// <summary>How mails leave. With neither <see cref="Host"/> nor <see cref="Folder"/> none does, and what waits goes on waiting.</summary>
public sealed class MailOptions
{
    /// <summary>SMTP server.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default: 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected. Default: <see cref="MailSecurity.StartTls"/>, without which nothing is sent.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>User at the server; unset = no authentication.</summary>
    public string? User { get; set; }

    /// <summary>File with the user's password.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Address that mails come from.</summary>
    public string? From { get; set; }

    /// <summary>Language of mails to people who have chosen none: en, fr or de. Default: en.</summary>
    public string Language { get; set; } = "en";

    /// <summary>For development, on loopback: a folder into which each mail is written as one <c>.eml</c> file (RFC 5322).</summary>
    public string? Folder { get; set; }

    /// <summary>True when mails can leave.</summary>
    public bool IsOn => Host is not null || Folder is not null;

    /// <summary>Every mistake with its mend.</summary>
    public IEnumerable<string> Mistakes(Uri publicUrl)
    {
        ArgumentNullException.ThrowIfNull(publicUrl);
        if (!Languages.All.Contains(Language)) yield return $"Mail:Language is {Language}: give one of {string.Join(", ", Languages.All)}.";
        if (!IsOn) yield break;
        if (Host is not null && Folder is not null) yield return "Mail:Host and Mail:Folder are both set: keep one.";
        if (Folder is not null && !publicUrl.IsLoopback) yield return "Mail:Folder is for development on loopback: it keeps working links in files. Set Mail:Host.";
        if (!MailboxAddress.TryParse(From ?? "", out _)) yield return "Mail:From is no mail address: give the one that mails come from.";
        if (Port is < 1 or > 65535) yield return $"Mail:Port is {Port}: give one between 1 and 65535.";
        if (Host is not null && Security == MailSecurity.None && !IsLoopback(Host)) yield return "Mail:Security is None: links that let people in would go over the network in the clear. Give StartTls or Tls.";
        if (User is not null && PasswordFile is null) yield return "Mail:User is set and Mail:PasswordFile is not: name a file with the password, readable by the service alone.";
        if (PasswordFile is { } file && !File.Exists(file)) yield return $"Mail:PasswordFile {file} does not exist.";
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>How a connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Begins in the clear and must be raised to TLS (RFC 3207) before anything is said.</summary>
    StartTls = 0,

    /// <summary>TLS from the first byte (RFC 8314).</summary>
    Tls = 1,

    /// <summary>None: on loopback alone.</summary>
    None = 2,
}
