namespace Chat.EventStore.Tests;

public sealed class AppendBatchTests
{
    private readonly Guid room = Guid.NewGuid();
    private readonly AppendBatch batch = new(eventsMax: 3, bytesMax: 100);

    [Fact]
    public void Independent_appends_share_a_batch()
    {
        batch.Admit(Pending()).ShouldBeTrue();
        batch.Admit(Pending(AppendCondition.Untouched(0, "pins"))).ShouldBeTrue();
    }

    [Fact]
    public void A_version_is_expected_of_the_state_before_the_batch()
    {
        batch.Admit(Pending(AppendCondition.Version(1))).ShouldBeTrue();
        batch.Admit(Pending(AppendCondition.Version(2))).ShouldBeFalse();
    }

    [Fact]
    public void A_tag_written_in_the_batch_decides_who_depends_on_it()
    {
        batch.Admit(Pending(tags: "pins")).ShouldBeTrue();
        batch.Admit(Pending(AppendCondition.Untouched(0, "pins"))).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_overtakes_in_a_stream()
    {
        batch.Admit(Pending()).ShouldBeTrue();
        batch.Admit(Pending(AppendCondition.Version(2))).ShouldBeFalse();
        batch.Admit(Pending()).ShouldBeFalse();
    }

    [Fact]
    public void A_repeated_id_waits_for_the_first()
    {
        var first = Pending();
        batch.Admit(first).ShouldBeTrue();
        batch.Admit(new(first.Append, 0)).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_overtakes_who_found_no_room()
    {
        batch.Admit(Pending(bytes: 60)).ShouldBeTrue();
        batch.Admit(Pending(bytes: 60)).ShouldBeFalse();
        batch.Admit(Pending()).ShouldBeFalse();
    }

    [Fact]
    public void A_batch_is_bounded_by_events_and_bytes()
    {
        batch.HasRoomFor(Pending(bytes: 500).Append).ShouldBeTrue("a single append always fits");
        batch.Admit(Pending(bytes: 60)).ShouldBeTrue();
        batch.HasRoomFor(Pending(bytes: 60).Append).ShouldBeFalse();
        batch.Admit(Pending()).ShouldBeTrue();
        batch.Admit(Pending()).ShouldBeTrue();
        batch.HasRoomFor(Pending().Append).ShouldBeFalse();
    }

    private PendingAppend Pending(AppendCondition? condition = null, int bytes = 1, params string[] tags)
    {
        var one = new NewEvent(Guid.NewGuid(), new MessageEdited("x")) { Tags = tags };
        var source = new Append { StreamId = room, Events = [one], Condition = condition ?? AppendCondition.Any };
        var encoded = new EncodedEvent(
            one.Id, new("message_edited", typeof(MessageEdited)), one.Data, new byte[bytes], tags);
        return new(new(source, [encoded], null, null), 0);
    }
}
