using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>A source that hands the same events to all subscribers, and resolvers that count and can be held.</summary>
public sealed class Newsroom
{
    /// <summary>The number of a story whose executions are not counted.</summary>
    public const int Uncounted = 0;

    private readonly Lock gate = new();
    private readonly List<Channel<Story>> readers = [];
    private int executions;
    private int keys;

    /// <summary>Whose executions of <see cref="Story.Number"/> wait until they are let go.</summary>
    public ConcurrentDictionary<int, TaskCompletionSource> Held { get; } = new();

    public ConcurrentQueue<int> Cancelled { get; } = new();

    public ConcurrentQueue<string> AuthorBatches { get; } = new();

    public ConcurrentQueue<string> RankBatches { get; } = new();

    /// <summary>A viewer whose responses fail with an outage.</summary>
    public string? CutOff { get; set; }

    /// <summary>A viewer whose responses are never made.</summary>
    public string? Hanging { get; set; }

    public AsyncLocal<string?> Ambient { get; } = new();

    public int Executions => executions;

    public int Keys => keys;

    public int Readers
    {
        get
        {
            lock (gate)
                return readers.Count;
        }
    }

    public static InProcess Start(Action<GraphQLOptions>? options = null) => InProcess.With(
        builder =>
        {
            Type[] types = [typeof(NewsQueries), typeof(NewsSubscriptions), typeof(StoryFields), typeof(AuthorFields)];
            foreach (var type in types)
                builder.AddType(type);
            builder.AddDataLoader<AuthorLoader>().AddDataLoader<RankLoader>().AddErrorFilter<OutageFilter>();
            builder.Services.AddSingleton<Newsroom>().AddHttpContextAccessor().AddAuthorization();
        },
        options);

    public void Publish(Story story)
    {
        lock (gate)
        {
            foreach (var reader in readers)
                reader.Writer.TryWrite(story);
        }
    }

    public void CountExecution() => Interlocked.Increment(ref executions);

    public void CountKey() => Interlocked.Increment(ref keys);

    public async IAsyncEnumerable<Story> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var reader = Channel.CreateUnbounded<Story>();
        lock (gate)
            readers.Add(reader);
        try
        {
            await foreach (var story in reader.Reader.ReadAllAsync(ct))
                yield return story;
        }
        finally
        {
            lock (gate)
                readers.Remove(reader);
        }
    }
}

public sealed class OutageException : Exception;

public sealed class OutageFilter : IErrorFilter
{
    public GraphQLError OnError(GraphQLError error) => error.Exception is OutageException
        ? error with { Message = "Try again.", Code = "UNAVAILABLE", EndsSubscription = true }
        : error;
}

public sealed record Story(int Number);

public sealed record Author(string Name);

public sealed class AuthorLoader(Newsroom news) : BatchDataLoader<string, Author>
{
    protected override async Task<IReadOnlyDictionary<string, Author>> LoadBatchAsync(
        IReadOnlyList<string> keys, CancellationToken ct)
    {
        news.AuthorBatches.Enqueue(string.Join(',', keys.Order(StringComparer.Ordinal)));
        await Task.Delay(1, ct);
        return keys.ToDictionary(key => key, key => new Author(key));
    }
}

public sealed class RankLoader(Newsroom news) : BatchDataLoader<string, int>
{
    protected override async Task<IReadOnlyDictionary<string, int>> LoadBatchAsync(
        IReadOnlyList<string> keys, CancellationToken ct)
    {
        news.RankBatches.Enqueue(string.Join(',', keys.Order(StringComparer.Ordinal)));
        await Task.Yield();
        return keys.ToDictionary(key => key, key => key.Length);
    }
}

[QueryType]
public static class NewsQueries
{
    public static int One() => 1;
}

[ObjectType<Story>]
public static class StoryFields
{
    public static async Task<int> CountedAsync([Parent] Story story, Newsroom news, CancellationToken ct)
    {
        if (story.Number != Newsroom.Uncounted)
            news.CountExecution();
        try
        {
            if (news.Held.TryGetValue(story.Number, out var held))
                await held.Task.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            news.Cancelled.Enqueue(story.Number);
            throw;
        }

        return news.Executions;
    }

    public static string? Echo(string? text) => text;

    public static string? Ambient(Newsroom news) => news.Ambient.Value;

    public static bool Http(IHttpContextAccessor http) => http.HttpContext is not null;

    [Authorize]
    public static string? ForReaders() => "secret";

    public static string? Reader([GlobalState] string? viewer) => viewer;

    public static Task<Author> EditorAsync(AuthorLoader authors, CancellationToken ct) =>
        authors.LoadAsync("editor", ct)!;

    public static Task<Author> MeAsync([GlobalState] string viewer, AuthorLoader authors, CancellationToken ct) =>
        authors.LoadAsync(viewer, ct)!;

    /// <summary>Fails for some viewers in different ways.</summary>
    public static async Task<string?> MoodAsync(
        [GlobalState] string viewer, Newsroom news, CancellationToken ct)
    {
        await Task.Yield();
        if (viewer == news.Hanging)
            await Task.Delay(Timeout.Infinite, ct);
        if (viewer == news.CutOff)
            throw new OutageException();
        return viewer == "broken" ? throw new InvalidOperationException("secret") : "fine";
    }

    public static string Strict([GlobalState] string viewer) => viewer == "null" ? null! : viewer;
}

[ObjectType<Author>]
public static class AuthorFields
{
    public static Task<int> RankAsync([Parent] Author author, RankLoader ranks, CancellationToken ct) =>
        ranks.LoadAsync(author.Name, ct);
}

[SubscriptionType]
public static class NewsSubscriptions
{
    public static IAsyncEnumerable<Story> Open(Newsroom news, int? after, CancellationToken ct) => news.ReadAsync(ct);

    public static string? KeyOf([GlobalState] string? tenant, Newsroom news)
    {
        news.CountKey();
        return tenant;
    }

    [Subscribe(With = nameof(Open), IsShared = true)]
    public static Story Story([EventMessage] Story story, string? style) => story;

    [Subscribe(With = nameof(Open), IsShared = true, VisibilityKey = nameof(KeyOf))]
    public static Story TenantStory([EventMessage] Story story) => story;

    [Subscribe(With = nameof(Open))]
    public static Story OwnStory([EventMessage] Story story) => story;

    [Subscribe(With = nameof(Open), IsShared = true)]
    public static Story? Fragile([EventMessage] Story story) =>
        story.Number == Newsroom.Uncounted ? story : throw new InvalidOperationException("secret");
}

[SubscriptionType]
public static class NamelessSubscriptions
{
    public static async IAsyncEnumerable<string> Open()
    {
        await Task.Yield();
        yield return "tick";
    }

    public static void KeyOf()
    {
    }

    [Subscribe(With = nameof(Open), IsShared = true, VisibilityKey = nameof(KeyOf))]
    public static string Tick([EventMessage] string tick) => tick;

    [Subscribe(With = nameof(Open), VisibilityKey = "Nowhere")]
    public static string Tock([EventMessage] string tick) => tick;
}
