using System.Text;
using Chat.Api.Realtime.Backplanes;

namespace Chat.Api.Tests.Realtime;

public sealed class SignalBatchTests
{
    [Fact]
    public void Signals_are_split_into_messages_that_fit_and_come_out_in_order()
    {
        var node = Guid.NewGuid();
        var signals = Enumerable.Range(0, 2_000).Select(i => $"t{i} {new string('ä', i % 500)}").ToList();
        var messages = SignalBatch.Write(node, signals, messageBytesMax: 7_999);
        messages.Count.ShouldBeGreaterThan(10);
        messages.ShouldAllBe(message => Encoding.UTF8.GetByteCount(message) <= 7_999);
        messages.SelectMany(message =>
        {
            SignalBatch.TryRead(message, out var from, out var read).ShouldBeTrue();
            from.ShouldBe(node);
            return read;
        }).ShouldBe(signals);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("0123456789abcdef0123456789abcdef\n\n")]
    public void What_is_no_batch_is_not_read(string message) =>
        SignalBatch.TryRead(message, out _, out _).ShouldBeFalse();
}
