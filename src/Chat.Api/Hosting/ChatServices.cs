using Chat.Api.Accounts;
using Chat.Api.Realtime;
using Chat.Api.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Accounts;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;
using Npgsql;

namespace Chat.Api.Hosting;

/// <summary>What the server is made of.</summary>
internal static class ChatServices
{
    /// <summary>Connections of this node; requests beyond them wait.</summary>
    public const int ConnectionsMax = 40;

    public static void AddChat(this IServiceCollection services, ChatOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => DataSource(options));
        services.AddSingleton(provider => new EventLog(
            provider.GetRequiredService<NpgsqlDataSource>(), StoreOptions(options), provider.GetRequiredService<ILogger<EventLog>>()));
        services.AddSingleton(provider => new ProjectionDaemon(
            provider.GetRequiredService<EventLog>(), provider.GetRequiredService<NpgsqlDataSource>(), [new ReadModels()],
            new ProjectionOptions(), provider.GetRequiredService<ILogger<ProjectionDaemon>>()));

        services.AddSingleton<RoomStates>().AddSingleton<RoomCommands>();
        services.AddSingleton<RoomFeeds>().AddSingleton<RoomEventStream>().AddSingleton<ReadModelsFollower>();
        services.AddSingleton<Sessions>().AddSingleton<PasswordHashes>().AddSingleton<AccountLog>();
        services.AddSingleton<LiveSessions>().AddHostedService(provider => provider.GetRequiredService<LiveSessions>());
        services.AddSingleton<DatabaseStart>().AddHostedService(provider => provider.GetRequiredService<DatabaseStart>());

        services.AddScoped<ReadSnapshot>().AddScoped<LogPosition>();
        services.AddScoped<AccountReader>().AddScoped<RoomReader>().AddScoped<MemberReader>().AddScoped<MessageReader>();
        services.AddScoped<RoomAccess>().AddScoped<RoomResults>().AddScoped<SessionEntry>();
    }

    private static NpgsqlDataSource DataSource(ChatOptions options)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.Database) { ApplicationName = $"chat {options.NodeName}" };
        if (!options.Database.Contains("Pool Size", StringComparison.OrdinalIgnoreCase))
            connection.MaxPoolSize = ConnectionsMax;
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    private static EventStoreOptions StoreOptions(ChatOptions options)
    {
        var store = new EventStoreOptions
        {
            NodeName = options.NodeName,
            AppendDeadline = options.CommandDeadline,
            MasterKeys = new Dictionary<int, byte[]> { [1] = options.MasterKeyValue },
        };
        store.Types.MapChatEvents();
        return store;
    }
}
