using Chat.Api.Accounts;
using Chat.Api.Messages;
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
    /// <summary>Connections of this node for everything but snapshots; who needs one more waits.</summary>
    public const int ConnectionsMax = 20;

    /// <summary>
    /// Connections of this node that hold the snapshots of running requests. They are a pool of their own: who holds
    /// one may wait for one of the others, and never the other way round, so that requests cannot wait for each other
    /// in a circle.
    /// </summary>
    public const int SnapshotsMax = 30;

    /// <summary>Statements that a connection keeps prepared; the one that was unused for longest makes room.</summary>
    public const int PreparedMax = 100;

    /// <summary>How often a statement is used before it is prepared.</summary>
    public const int PreparedAfter = 3;

    /// <summary>
    /// Shortest time from one commit of this node to the next: each costs the database, the read models and the
    /// delivery about as much as twenty messages in it. A message after a silence is committed at once.
    /// </summary>
    public static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// Events of the log that a node keeps in memory for the read models and for who follows: some seconds of a busy
    /// server. See <see cref="RoomWindow.EventsMax"/> for what keeping more would cost.
    /// </summary>
    public const int RecentEvents = 4_000;

    /// <summary>All projections; each owns a schema and can be rebuilt.</summary>
    public static readonly IReadOnlyList<ISchemaProjection> Projections = [new ReadModels()];

    public static void AddChat(this IServiceCollection services, ChatOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => DataSource(options, "node", ConnectionsMax));
        services.AddSingleton(_ => new SnapshotSource(DataSource(options, "reads", SnapshotsMax)));
        services.AddSingleton(provider => new EventLog(
            provider.GetRequiredService<NpgsqlDataSource>(),
            StoreOptions(options, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<ILogger<EventLog>>()));
        services.AddSingleton(provider => new ProjectionDaemon(
            provider.GetRequiredService<EventLog>(), provider.GetRequiredService<NpgsqlDataSource>(),
            Projections, new ProjectionOptions(), provider.GetRequiredService<ILogger<ProjectionDaemon>>()));

        services.AddSingleton(provider => new ProjectionUpgrade(
            provider.GetRequiredService<EventLog>(), provider.GetRequiredService<NpgsqlDataSource>(),
            new RebuildOptions(), provider.GetRequiredService<ILogger<ProjectionRebuild>>()));

        services.AddSingleton<RoomStates>().AddSingleton<RoomCommands>().AddSingleton<InviteLinkCommands>();
        services.AddSingleton<Retention>().AddHostedService(provider => provider.GetRequiredService<Retention>());
        services.AddSingleton<MessageFactsSource>().AddSingleton<MessageCommands>().AddSingleton<ReportCommands>();
        services.AddSingleton<RoomFeeds>().AddSingleton<RoomEventStream>().AddSingleton<ReadModelsFollower>();
        services.AddAccounts();
        services.AddRealtime(options).AddRateLimits(options);
        services.AddSingleton<Readiness>().AddHostedService<DatabaseStart>();

        services.AddScoped<ReadSnapshot>().AddScoped<LogPosition>();
        services.AddScoped<AccountReader>().AddScoped<RoomReader>().AddScoped<MemberReader>();
        services.AddScoped<InvitationReader>().AddScoped<PinReader>().AddScoped<InviteLinkReader>();
        services.AddScoped<UnreadReader>().AddSingleton<MemberState>();
        services.AddScoped<MessageReader>().AddScoped<ReactionReader>().AddScoped<ReportReader>();
        services.AddScoped<CompanionReader>().AddScoped<MessageAccess>().AddScoped<MessageResults>();
        services.AddScoped<RoomAccess>().AddScoped<RoomResults>().AddScoped<PeopleAccess>();
    }

    internal static NpgsqlDataSource DataSource(ChatOptions options, string purpose, int connectionsMax)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.Database)
        {
            ApplicationName = $"chat {options.NodeName} {purpose}",
        };
        if (!connection.ShouldSerialize("Maximum Pool Size"))
            connection.MaxPoolSize = connectionsMax;
        // A database that hangs is noticed well before a command's deadline.
        if (!connection.ShouldSerialize("Timeout"))
            connection.Timeout = (int)Math.Ceiling(options.CommandDeadline.TotalSeconds / 3);
        if (!connection.ShouldSerialize("Command Timeout"))
            connection.CommandTimeout = (int)Math.Ceiling(options.CommandDeadline.TotalSeconds / 2);
        // The same few statements all day: parsed and planned once on each connection.
        if (!connection.ShouldSerialize("Max Auto Prepare"))
            (connection.MaxAutoPrepare, connection.AutoPrepareMinUsages) = (PreparedMax, PreparedAfter);
        // Whoever changes a session's settings changes them back, or drops the connection.
        if (!connection.ShouldSerialize("No Reset On Close"))
            connection.NoResetOnClose = true;
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    internal static EventStoreOptions StoreOptions(ChatOptions options, TimeProvider clock)
    {
        var store = new EventStoreOptions
        {
            NodeName = options.NodeName,
            Clock = clock,
            AppendDeadline = options.CommandDeadline,
            AppendInterval = CommitInterval,
            AnnounceInterval = CommitInterval,
            TailWindowEvents = RecentEvents,
            MasterKeys = new Dictionary<int, byte[]> { [1] = options.MasterKeyValue },
        };
        store.Types.MapChatEvents();
        return store;
    }
}
