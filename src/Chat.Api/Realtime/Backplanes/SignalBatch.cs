using System.Text;

namespace Chat.Api.Realtime.Backplanes;

/// <summary>
/// Several signals in one message: the node that tells them in the first line, then one line each, its first character
/// the kind.
/// </summary>
internal static class SignalBatch
{
    /// <summary>Puts signals, in their order, into as few messages as their size allows.</summary>
    public static List<string> Write(Guid node, IEnumerable<string> signals, int messageBytesMax)
    {
        var messages = new List<string>();
        var message = new StringBuilder();
        var bytes = 0;
        foreach (var signal in signals)
        {
            var size = Encoding.UTF8.GetByteCount(signal) + 1;
            if (message.Length > 0 && bytes + size > messageBytesMax)
            {
                messages.Add(message.ToString());
                message.Clear();
            }

            if (message.Length == 0)
            {
                message.Append(node.ToString("N"));
                bytes = message.Length;
            }

            message.Append('\n').Append(signal);
            bytes += size;
        }

        if (message.Length > 0)
            messages.Add(message.ToString());
        return messages;
    }

    /// <summary>The node and its signals; false where it is no message of ours.</summary>
    public static bool TryRead(string message, out Guid node, out string[] signals)
    {
        var lines = message.Split('\n');
        signals = lines[1..];
        return Guid.TryParseExact(lines[0], "N", out node) && signals.All(signal => signal.Length > 0);
    }
}
