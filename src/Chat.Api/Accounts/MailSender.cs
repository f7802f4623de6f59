using System.Net;
using System.Net.Mail;
using Chat.Api.Hosting;

namespace Chat.Api.Accounts;

/// <summary>A mail with a link in it.</summary>
/// <param name="Subject">Without the server's name.</param>
/// <param name="Path">The page of the link; the token goes into the fragment, which no server and no log sees.</param>
internal sealed record LinkMail(string To, string Subject, string Text, string Path, string Token);

/// <summary>
/// Sends mails through SMTP, trying again a few times. Where no SMTP server is configured nothing is sent; in
/// development the link is in the log instead.
/// </summary>
internal sealed class MailSender(
    ChatOptions options, IHostEnvironment environment, TimeProvider clock, ILogger<MailSender> logger)
{
    /// <summary>Waits before the second and later attempts: after the last one the mail is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> RetryAfter =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    public static readonly TimeSpan AttemptMax = TimeSpan.FromSeconds(20);

    public async Task SendAsync(LinkMail mail, CancellationToken ct)
    {
        var link = $"{options.PublicUrl}{mail.Path}#token={mail.Token}";
        if (!options.Smtp.IsConfigured)
        {
            if (environment.IsDevelopment())
                logger.LogInformation("No SMTP server is configured. {Subject}: {Link}", mail.Subject, link);
            return;
        }

        if (!MailAddress.TryCreate(mail.To, out var to))
        {
            logger.LogWarning("A mail was not sent: its address is none that mail servers know.");
            return;
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await AttemptAsync(mail, to, link, ct);
                return;
            }
            catch (Exception e) when (IsFailure(e) && !ct.IsCancellationRequested)
            {
                // The exception may name the address: only its kind is written down.
                var reason = e is SmtpException smtp ? smtp.StatusCode.ToString() : e.GetType().Name;
                if (attempt == RetryAfter.Count || IsFinal(e))
                {
                    logger.LogWarning("A mail was not sent after {Attempts} attempts: {Reason}.", attempt + 1, reason);
                    return;
                }

                await Task.Delay(RetryAfter[attempt], clock, ct);
            }
        }
    }

    private async Task AttemptAsync(LinkMail mail, MailAddress to, string link, CancellationToken ct)
    {
        using var client = new SmtpClient(options.Smtp.Host, options.Smtp.Port)
        {
            EnableSsl = options.Smtp.Tls,
            DeliveryFormat = SmtpDeliveryFormat.International,
            Credentials = options.Smtp.UserName.Length > 0
                ? new NetworkCredential(options.Smtp.UserName, options.Smtp.Password)
                : null,
        };
        using var message = new MailMessage(new MailAddress(options.Smtp.From, options.ServerName), to)
        {
            Subject = $"{options.ServerName}: {mail.Subject}",
            Body = $"{mail.Text}\n\n{link}\n",
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AttemptMax);
        await client.SendMailAsync(message, limit.Token);
    }

    private static bool IsFailure(Exception e) => e is SmtpException or IOException or OperationCanceledException;

    // 5xx: the server will say the same again.
    private static bool IsFinal(Exception e) => e is SmtpException { StatusCode: >= (SmtpStatusCode)500 };
}
