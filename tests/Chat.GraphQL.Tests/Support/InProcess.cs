using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL.Tests;

/// <summary>The server without a transport: documents in, responses out.</summary>
public sealed class InProcess : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private InProcess(ServiceProvider services) => this.services = services;

    internal GraphQLExecutor Executor => services.GetRequiredService<GraphQLExecutor>();

    public T Service<T>() where T : notnull => services.GetRequiredService<T>();

    public RecordedLog Log => services.GetRequiredService<RecordedLog>();

    public Dictionary<string, object?> State { get; } = [];

    public static InProcess With(Action<GraphQLBuilder> configure, Action<GraphQLOptions>? options = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<RecordedLog>();
        collection.AddLogging();
        collection.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<RecordedLog>());
        configure(collection.AddGraphQLServer(options));
        return new InProcess(collection.BuildServiceProvider(validateScopes: true));
    }

    public static InProcess Of(params Type[] types) =>
        With(builder => Array.ForEach(types, type => builder.AddType(type)));

    public async Task<JsonElement> ExecuteAsync(string query, object? variables = null, string? operationName = null)
    {
        var request = new GraphQLRequest(query, operationName, JsonSerializer.SerializeToElement(variables));
        using var json = new JsonBuffer();
        if (Executor.Prepare(request, out var errors) is { } operation)
            await Executor.ExecuteAsync(operation, State, json, Cancel.Test);
        else
            ResponseWriter.WriteErrors(json, errors);
        return JsonDocument.Parse(json.Written.ToArray()).RootElement;
    }

    /// <summary>The response as text, without trace ids.</summary>
    public async Task<string> TextAsync(string query, object? variables = null, string? operationName = null) =>
        Regex.Replace(
            (await ExecuteAsync(query, variables, operationName)).GetRawText(),
            "\"traceId\":\"[0-9a-f]{32}\"", "\"traceId\":\"…\"");

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>Remembers what was logged.</summary>
public sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> entries = new();

    public IReadOnlyCollection<(LogLevel Level, string Text, Exception? Exception)> Entries => entries;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            entries.Enqueue((logLevel, formatter(state, exception), exception));
    }

    public void Dispose()
    {
    }
}
