using System.Net;
using Chat.TestDatabase;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.Api.Tests;

/// <summary>The whole server on a real Kestrel, with a database of its own.</summary>
public sealed class ChatServer : WebApplicationFactory<Program>, IAsyncLifetime
{
    public static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string?> _settings = [];
    private ClonedDatabase _database = null!;

    public NpgsqlDataSource Database => _database.DataSource;

    public Uri Address { get; private set; } = null!;

    /// <summary>Where the server connects to, if not straight to the database.</summary>
    public string? ConnectionString { get; init; }

    public Dictionary<string, string?> Settings => _settings;

    /// <summary>What the server takes for the time, if not the system's clock.</summary>
    public TimeProvider? Clock { get; init; }

    public async ValueTask InitializeAsync()
    {
        _database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
        Start(ConnectionString ?? _database.ConnectionString);
        await WaitUntilReadyAsync();
    }

    public void Start(string connectionString)
    {
        _settings["Chat:Database"] = connectionString;
        _settings["Chat:MasterKey"] = Convert.ToBase64String(new byte[32]);
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress;
    }

    public async Task WaitUntilReadyAsync() =>
        await Eventually.TrueAsync(async () => (await StatusAsync("/health/ready")) == HttpStatusCode.OK, StartMax);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var response = await http.GetAsync(path);
        return response.StatusCode;
    }

    public ChatClient Anonymous() => new(Address);

    /// <summary>Somebody new, signed in with a token.</summary>
    public async Task<ChatClient> PersonAsync(string name)
    {
        var client = new ChatClient(Address);
        await client.RegisterAsync($"{name}-{Guid.NewGuid():N}@example.org", name);
        return client;
    }

    public async Task<ChatClient> GuestAsync(string name)
    {
        var client = new ChatClient(Address);
        await client.EnterAsGuestAsync(name);
        return client;
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> EventsAsync() => CountAsync("select count(*) from mt_events");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        if (Clock is not null)
            builder.ConfigureTestServices(services => services.AddSingleton(Clock));
    }
}
