using System.Runtime.CompilerServices;

namespace Chat.EventStore.Tests;

public sealed class WriterCloseTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task A_connection_that_cannot_be_closed_is_no_failure_of_the_writer()
    {
        var store = NewStore();
        await store.AppendAsync(Post(room), Stop);
        var closings = 0;
        ConnectionOf(WriterOf(store))!.Connection.StateChange += (_, _) =>
        {
            closings++;
            throw new InvalidOperationException("cannot be closed");
        };

        await Should.NotThrowAsync(async () => await store.DisposeAsync());
        closings.ShouldBe(1);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "writer")]
    private static extern ref BatchWriter WriterOf(EventStore store);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "connection")]
    private static extern ref DurableConnection? ConnectionOf(BatchWriter writer);
}
