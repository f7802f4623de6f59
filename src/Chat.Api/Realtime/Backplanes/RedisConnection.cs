using StackExchange.Redis;

namespace Chat.Api.Realtime.Backplanes;

/// <summary>
/// The node's connection to Redis, made when it is first needed. It is opened again by itself; what is sent meanwhile
/// fails. A <c>channelPrefix</c> in the connection string keeps servers that share one Redis apart.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConfigurationOptions _options;
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connecting;

    public RedisConnection(string configuration)
    {
        _options = Parse(configuration);
        Prefix = _options.ChannelPrefix.IsNullOrEmpty ? "chat:" : _options.ChannelPrefix.ToString();
        _options.ChannelPrefix = default(RedisChannel);
    }

    /// <summary>Begins every name of a channel or key.</summary>
    public string Prefix { get; }

    /// <summary>The settings of a connection string.</summary>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static ConfigurationOptions Parse(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        if (options.EndPoints.Count == 0)
            throw new ArgumentException("It names no host.", nameof(configuration));
        // A Redis that is away at the start is waited for, like one that goes away later.
        options.AbortOnConnectFail = false;
        return options;
    }

    public async Task<ConnectionMultiplexer> OpenAsync(CancellationToken ct)
    {
        Task<ConnectionMultiplexer> connecting;
        lock (_lock)
            connecting = _connecting ??= ConnectionMultiplexer.ConnectAsync(_options);
        return await connecting.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connecting is not null)
            (await _connecting).Dispose();
    }
}
