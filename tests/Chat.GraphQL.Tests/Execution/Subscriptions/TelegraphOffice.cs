using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>A source that hands over pages of events.</summary>
public sealed class TelegraphOffice
{
    private readonly Lock gate = new();
    private readonly List<Channel<EventPage<Telegram>>> readers = [];

    /// <summary>The numbers that were loaded together.</summary>
    public ConcurrentQueue<string> Batches { get; } = new();

    /// <summary>The number whose response ends the subscription.</summary>
    public int Ending { get; set; }

    /// <summary>The number whose response is never made.</summary>
    public int Hanging { get; set; }

    /// <summary>Pages that were asked for.</summary>
    public int Taken { get; private set; }

    public static InProcess Start(Action<GraphQLOptions>? options = null) => InProcess.With(
        builder =>
        {
            Type[] types = [typeof(NewsQueries), typeof(TelegramSubscriptions), typeof(TelegramFields)];
            foreach (var type in types)
                builder.AddType(type);
            builder.AddDataLoader<DoubleLoader>().AddErrorFilter<OutageFilter>();
            builder.Services.AddSingleton<TelegraphOffice>();
        },
        options);

    /// <summary>Subscribers whose sources are open.</summary>
    internal static async Task<List<Subscriber>> OpenAsync(InProcess server, string fields, params string?[] viewers)
    {
        var office = server.Service<TelegraphOffice>();
        var subscribers = new List<Subscriber>();
        foreach (var viewer in viewers)
        {
            var state = new Dictionary<string, object?> { ["viewer"] = viewer };
            subscribers.Add(new Subscriber(server, $"subscription {{ telegram {{ {fields} }} }}", null, state));
            subscribers[^1].Begin();
        }

        await Eventually.HoldsAsync(() => office.readers.Count == viewers.Length, "all sources are open");
        return subscribers;
    }

    public void Send(params int[] numbers)
    {
        var page = new EventPage<Telegram>(Array.ConvertAll(numbers, number => new Telegram(number)));
        lock (gate)
            readers.ForEach(reader => reader.Writer.TryWrite(page));
    }

    public async IAsyncEnumerable<EventPage<Telegram>> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var reader = Channel.CreateUnbounded<EventPage<Telegram>>();
        lock (gate)
            readers.Add(reader);
        await foreach (var page in reader.Reader.ReadAllAsync(ct))
        {
            Taken++;
            yield return page;
        }
    }
}

public sealed record Telegram(int Number);

public sealed class DoubleLoader(TelegraphOffice office) : BatchDataLoader<int, int>
{
    protected override async Task<IReadOnlyDictionary<int, int>> LoadBatchAsync(
        IReadOnlyList<int> keys, CancellationToken ct)
    {
        office.Batches.Enqueue(string.Join(',', keys));
        await Task.Yield();
        return keys.ToDictionary(key => key, key => 2 * key);
    }
}

[ObjectType<Telegram>]
public static class TelegramFields
{
    public static Task<int> DoubledAsync([Parent] Telegram telegram, DoubleLoader doubles, CancellationToken ct) =>
        doubles.LoadAsync(telegram.Number, ct);

    public static string? Third([Parent] Telegram telegram) =>
        telegram.Number % 3 == 0 ? throw new GraphQLException("not this one", "THIRD") : "fine";

    public static string Strict([Parent] Telegram telegram) => telegram.Number == 2 ? null! : "fine";

    public static string? Reader([GlobalState] string? viewer) => viewer;

    public static string Text([Parent] Telegram telegram) => new('x', telegram.Number);

    public static async Task<string?> LineAsync(
        [Parent] Telegram telegram, TelegraphOffice office, CancellationToken ct)
    {
        await Task.Yield();
        if (telegram.Number == office.Hanging)
            await Task.Delay(Timeout.Infinite, ct);
        return telegram.Number == office.Ending ? throw new OutageException() : "up";
    }
}

[SubscriptionType]
public static class TelegramSubscriptions
{
    public static IAsyncEnumerable<EventPage<Telegram>> Open(TelegraphOffice office, CancellationToken ct) =>
        office.ReadAsync(ct);

    [Subscribe(With = nameof(Open), IsShared = true)]
    public static Telegram Telegram([EventMessage] Telegram telegram) => telegram;
}
