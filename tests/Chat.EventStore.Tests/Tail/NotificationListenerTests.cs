using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

public sealed class NotificationListenerTests(StoreDatabase database) : StoreTest(database)
{
    [Fact]
    public async Task Who_gets_a_connection_after_the_listener_does_not_listen()
    {
        // The pool's next connection is the listener's, if it went back.
        var source = NewDataSource(connect => (connect.MaxPoolSize, connect.NoResetOnClose) = (1, true));
        var connected = new TaskCompletionSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var listening = new NotificationListener(source, Options(), NullLogger.Instance)
            .RunAsync(connected.SetResult, ending.Token);
        await connected.Task.WaitAsync(Stop);
        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(listening);

        await using var command = source.CreateCommand("SELECT count(*) FROM pg_listening_channels()");
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(0L);
    }
}
