using Hybrid.ControlPlane.Infrastructure.Hosting;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Hybrid.ControlPlane.Infrastructure.Mail;

/// <summary>Hands one mail to the operator's mail server, or writes it into the folder for development.</summary>
internal sealed class MailTransport(ControlPlaneOptions options, TimeProvider clock)
{
    private const int TimeoutMilliseconds = 30_000;

    private MailOptions Mail => options.Mail;

    /// <summary>Sends.</summary>
    /// <exception cref="MailRefusedException">This mail will never be taken.</exception>
    public async Task SendAsync(string to, string language, string subject, string body, CancellationToken ct)
    {
        // Parsed as one address: what would add headers or recipients is none.
        if (!MailboxAddress.TryParse(to, out var recipient) || recipient.Address != to || !to.Contains('@', StringComparison.Ordinal)) throw new MailRefusedException();
        using var message = new MimeMessage { Subject = subject, Date = clock.GetUtcNow(), Body = new TextPart("plain") { Text = body } };
        message.From.Add(MailboxAddress.Parse(Mail.From!));
        message.To.Add(recipient);
        message.Headers.Add(HeaderId.ContentLanguage, language);
        // No vacation notes in return (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (Mail.Folder is not null) await WriteAsync(message, Mail.Folder, ct);
        else await SendAsync(message, ct);
    }

    private async Task SendAsync(MimeMessage message, CancellationToken ct)
    {
        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        await client.ConnectAsync(Mail.Host!, Mail.Port, Mail.Security switch { MailSecurity.Tls => SecureSocketOptions.SslOnConnect, MailSecurity.None => SecureSocketOptions.None, _ => SecureSocketOptions.StartTls }, ct);
        if (Mail.User is not null) await client.AuthenticateAsync(Mail.User, (await File.ReadAllTextAsync(Mail.PasswordFile!, ct)).TrimEnd('\r', '\n'), ct);
        try
        {
            await client.SendAsync(message, ct);
        }
        catch (SmtpCommandException refused) when ((int)refused.StatusCode >= 500 && refused.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
        {
            // 5yz: never to be tried again (RFC 5321 § 4.2.1). A sender that is not accepted is the operator's to mend, and is tried again.
            throw new MailRefusedException();
        }

        // It was taken: how the server says good-bye changes nothing.
        await client.DisconnectAsync(quit: false, CancellationToken.None);
    }

    private async Task WriteAsync(MimeMessage message, string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var name = Path.Combine(folder, $"{clock.GetUtcNow():yyyyMMdd'T'HHmmssfff}-{Guid.NewGuid():N}");
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(name + ".part", create)) await message.WriteToAsync(file, ct);
        File.Move(name + ".part", name + ".eml");
    }
}

/// <summary>The mail server refuses this mail for good.</summary>
internal sealed class MailRefusedException : Exception;
