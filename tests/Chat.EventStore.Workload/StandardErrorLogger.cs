using Microsoft.Extensions.Logging;

namespace Chat.EventStore.Workload;

/// <summary>Prints warnings and errors to standard error, one a line, for whoever looks into a failed test.</summary>
internal sealed class StandardErrorLogger<T> : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var line = $"{logLevel}: {formatter(state, exception)} {exception}";
        Console.Error.WriteLine(line.ReplaceLineEndings(" "));
    }
}
