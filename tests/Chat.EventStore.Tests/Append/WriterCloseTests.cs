using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

public sealed class WriterCloseTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task A_connection_that_cannot_be_closed_is_no_failure_of_the_writer()
    {
        var options = Options();
        var writer = new BatchWriter(
            DataSource,
            options,
            new(DataSource, options),
            new(Store.Tail, Store.Announcer),
            NullLogger<EventStore>.Instance);
        var encoder = new AppendEncoder(new(options.Types, Store.Keys), options);
        await writer.AppendAsync(await encoder.EncodeAsync(Post(room), Store.Tail.Generation, Stop), Stop);
        var closings = 0;
        ConnectionOf(writer)!.Connection.StateChange += (_, _) =>
        {
            closings++;
            throw new InvalidOperationException("cannot be closed");
        };

        await Should.NotThrowAsync(async () => await writer.DisposeAsync());
        closings.ShouldBe(1);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "connection")]
    private static extern ref DurableConnection? ConnectionOf(BatchWriter writer);
}
