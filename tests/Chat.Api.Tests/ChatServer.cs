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

    /// <summary>The server's clock, if not the system's.</summary>
    public TimeProvider? Clock { get; init; }

    public Dictionary<string, string?> Settings => _settings;

    /// <summary>For another node on the same database.</summary>
    public string DatabaseConnection => _database.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _database = await ClonedDatabase.CreateAsync("server", MigrateAsync);
        Start(ConnectionString ?? _database.ConnectionString);
        await WaitUntilReadyAsync();
    }

    public void Start(string connectionString)
    {
        _settings.TryAdd("Chat:RateLimitScale", "1000");
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

    /// <summary>
    /// The tables that hold a text in the clear; but for read models, which show people what others wrote.
    /// </summary>
    public async Task<IReadOnlyList<string>> TablesHoldingAsync(string text)
    {
        var tables = new List<string>();
        await using (var command = Database.CreateCommand(
            """
            select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname not in ('pg_catalog', 'information_schema', 'chat_read')
            """))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        tables.ShouldContain("chat_auth.sessions");
        tables.ShouldContain("public.mt_events");
        var holding = new List<string>();
        foreach (var table in tables)
        {
            if (await CountAsync($"select count(*) from {table} one where one::text ilike '%{text}%'") > 0)
                holding.Add(table);
        }

        return holding;
    }

    public Task<long> EventsAsync() => CountAsync("select count(*) from mt_events");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    // As a server leaves its database that has only been started.
    private static async Task MigrateAsync(NpgsqlDataSource template)
    {
        await using var server = new ChatServer();
        server.Start(template.ConnectionString);
        await server.WaitUntilReadyAsync();
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
