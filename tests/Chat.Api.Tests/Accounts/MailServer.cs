using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Chat.Api.Tests.Accounts;

/// <summary>A mail that arrived.</summary>
public sealed partial record Mail(string To, string Content)
{
    /// <summary>The token of its link.</summary>
    public string Token => Link().Match(Content).Groups["token"].Value;

    public bool IsReset => Content.Contains("/reset-password#", StringComparison.Ordinal);

    [GeneratedRegex("#token=(?<token>[A-Za-z0-9_-]{43})")]
    private static partial Regex Link();
}

/// <summary>As much of an SMTP server (RFC 5321) as takes in mails.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Mail> _mails = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private int _attempts;

    public MailServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyCollection<Mail> Mails => _mails;

    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>The next recipients are answered with these lines instead of being taken.</summary>
    public void Refuse(params string[] answers)
    {
        foreach (var answer in answers)
            _refusals.Enqueue(answer);
    }

    /// <summary>Waits for a mail.</summary>
    public async Task<Mail> MailAsync(Func<Mail, bool> isIt)
    {
        await Eventually.TrueAsync(() => Task.FromResult(_mails.Any(isIt)));
        return _mails.Last(isIt);
    }

    public Task<Mail> ResetAsync(string to) => MailAsync(mail => mail.To == to && mail.IsReset);

    public Task<Mail> VerificationAsync(string to) => MailAsync(mail => mail.To == to && !mail.IsReset);

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false));
        (writer.NewLine, writer.AutoFlush) = ("\r\n", true);
        await writer.WriteLineAsync("220 mail.example.org");
        var to = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "RCPT":
                    Interlocked.Increment(ref _attempts);
                    to = line.Split('<', '>')[1];
                    await writer.WriteLineAsync(_refusals.TryDequeue(out var refusal) ? refusal : "250 OK");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 Go on");
                    _mails.Enqueue(new Mail(to, await ContentAsync(reader)));
                    await writer.WriteLineAsync("250 OK");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 Bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 OK");
                    break;
            }
        }
    }

    private static async Task<string> ContentAsync(StreamReader reader)
    {
        var content = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line and not ".")
            content.Append(line).Append('\n');
        var text = content.ToString();
        // RFC 2045 §6.7: soft line breaks, and "=" itself.
        return text.Contains("quoted-printable", StringComparison.Ordinal)
            ? text.Replace("=\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal)
            : text;
    }
}
