namespace Chat.Api.Tests.Accounts;

/// <summary>A server whose clock a test can put forward, and whose mails arrive.</summary>
public sealed class AccountServer : IAsyncLifetime
{
    private ChatClient? _owner;

    public ShiftedClock Clock { get; } = new();

    public MailServer Mail { get; } = new();

    public ChatServer Chat { get; private set; } = null!;

    /// <summary>Owns the server; signed in anew for each who asks.</summary>
    public async Task<ChatClient> OwnerAsync()
    {
        var owner = Chat.Anonymous();
        await owner.SignInAsync("owner@example.org");
        return owner;
    }

    /// <summary>Somebody new with an address that the test knows.</summary>
    public async Task<(ChatClient Client, string Email)> PersonAsync(string name = "Alice")
    {
        var email = NewEmail();
        var client = Chat.Anonymous();
        await client.RegisterAsync(email, name);
        return (client, email);
    }

    public async Task<ChatClient> SignedInAsync(string email)
    {
        var client = Chat.Anonymous();
        await client.SignInAsync(email);
        return client;
    }

    public static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    public async ValueTask InitializeAsync()
    {
        Chat = new ChatServer { Clock = Clock };
        Chat.Settings["Chat:Smtp:Host"] = "127.0.0.1";
        Chat.Settings["Chat:Smtp:Port"] = $"{Mail.Port}";
        Chat.Settings["Chat:Smtp:Tls"] = "false";
        Chat.Settings["Chat:Smtp:From"] = "chat@example.org";
        Chat.Settings["Chat:PublicUrl"] = "https://chat.example.org";
        await Chat.InitializeAsync();
        _owner = Chat.Anonymous();
        await _owner.RegisterAsync("owner@example.org", "Olga");
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        await Chat.DisposeAsync();
        await Mail.DisposeAsync();
    }
}
