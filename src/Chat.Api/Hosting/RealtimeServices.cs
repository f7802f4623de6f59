using Chat.Api.Limits;
using Chat.Api.Realtime;
using Chat.Api.Realtime.Backplanes;

namespace Chat.Api.Hosting;

/// <summary>What the nodes of a server do together.</summary>
internal static class RealtimeServices
{
    public static IServiceCollection AddRealtime(this IServiceCollection services, ChatOptions options)
    {
        if (options.Backplane == BackplaneKind.Redis)
            services.AddSingleton(new RedisConnection(options.Redis)).AddSingleton<IBackplane, RedisBackplane>();
        else if (options.Backplane == BackplaneKind.Postgres)
            services.AddSingleton<IBackplane, PostgresBackplane>();
        else
            services.AddSingleton<IBackplane, InProcessBackplane>();
        return services.AddSingleton<RoomSignalStream>()
            .AddSingleton<ViewerFeeds>().AddSingleton<ViewerEventStream>().AddSingleton<ReadMarkers>()
            .AddRunning<Signals>().AddRunning<TypingRooms>()
            .AddRunning<PresenceRegister>().AddRunning<PresenceDelivery>();
    }

    public static IServiceCollection AddRateLimits(this IServiceCollection services, ChatOptions options)
    {
        services.AddSingleton<LocalBuckets>().AddSingleton<RateLimiter>();
        return options.Backplane switch
        {
            BackplaneKind.Redis => services.AddSingleton<ITokenBuckets, RedisBuckets>(),
            BackplaneKind.Postgres => services.AddRunning<PostgresBuckets>()
                .AddSingleton<ITokenBuckets>(provider => provider.GetRequiredService<PostgresBuckets>()),
            _ => services.AddSingleton<ITokenBuckets>(provider => provider.GetRequiredService<LocalBuckets>()),
        };
    }

    private static IServiceCollection AddRunning<T>(this IServiceCollection services)
        where T : BackgroundService => services
            .AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
