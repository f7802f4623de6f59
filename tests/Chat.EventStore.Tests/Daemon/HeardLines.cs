using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Chat.EventStore.Tests;

/// <summary>A log in memory, with the exceptions in full.</summary>
public sealed class HeardLines<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> lines = new();

    public IEnumerable<string> Lines => lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");
}
