using System.Collections.Concurrent;
using Chat.Api.Accounts;
using Chat.Api.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.Api.Tests.Accounts;

/// <summary>Mails where there is no server for them, or too many of them.</summary>
public sealed class MailSenderTests
{
    private static readonly LinkMail Mail =
        new("alice@example.org", "a new password", "Text", "/reset-password", "T0k3n");

    [Fact]
    public async Task Without_a_mail_server_a_developer_finds_the_link_in_the_log()
    {
        var log = new Lines<MailSender>();
        await Sender("Development", log).SendAsync(Mail, TestContext.Current.CancellationToken);
        log.Written.ShouldHaveSingleItem().ShouldContain("http://localhost:5080/reset-password#token=T0k3n");
    }

    [Fact]
    public async Task Nobody_else_does()
    {
        var log = new Lines<MailSender>();
        await Sender("Production", log).SendAsync(Mail, TestContext.Current.CancellationToken);
        log.Written.ShouldBeEmpty();
    }

    [Fact]
    public void More_mails_than_may_wait_are_dropped()
    {
        var log = new Lines<AccountMails>();
        using var mails = new AccountMails(null!, null!, null!, null!, log);
        for (var i = 0; i < AccountMails.WaitingMax; i++)
            mails.Verify(Guid.NewGuid());
        log.Written.ShouldBeEmpty();
        mails.Verify(Guid.NewGuid());
        log.Written.ShouldHaveSingleItem();
    }

    private static MailSender Sender(string environment, ILogger<MailSender> log) =>
        new(new ChatOptions(), new Environment(environment), TimeProvider.System, log);

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Chat";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }

    private sealed class Lines<T> : ILogger<T>
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));
    }
}
