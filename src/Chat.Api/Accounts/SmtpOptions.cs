using System.Net.Mail;

namespace Chat.Api.Accounts;

/// <summary>The server that mails go out through: Chat:Smtp; in the environment CHAT__SMTP__…</summary>
public sealed class SmtpOptions
{
    /// <summary>Empty: no mails are sent.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    /// <summary>Whether the connection must be encrypted (STARTTLS).</summary>
    public bool Tls { get; set; } = true;

    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The address that mails come from.</summary>
    public string From { get; set; } = "";

    public bool IsConfigured => Host.Length > 0;

    internal IEnumerable<string> Problems()
    {
        if (!IsConfigured)
            yield break;
        if (Port is < 1 or > 65535)
            yield return "CHAT__SMTP__PORT must be 1 to 65535.";
        if (!MailAddress.TryCreate(From, out _))
            yield return "CHAT__SMTP__FROM must be the address that mails come from, such as 'chat@example.org'.";
        if (UserName.Length > 0 != Password.Length > 0)
            yield return "CHAT__SMTP__USERNAME and CHAT__SMTP__PASSWORD belong together: set both or none.";
    }
}
