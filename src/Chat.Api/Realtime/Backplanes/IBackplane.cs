namespace Chat.Api.Realtime.Backplanes;

/// <summary>
/// Carries short texts between the nodes of a server. What is sent while a connection is away is lost; who relies on
/// it says everything again when <see cref="ListenAsync"/> reports that it is connected.
/// </summary>
internal interface IBackplane
{
    /// <summary>Bytes of UTF-8 that one message may have; 0 where there is nobody to send to.</summary>
    int MessageBytesMax { get; }

    /// <summary>Sends messages to all nodes, in this order.</summary>
    Task SendAsync(IReadOnlyList<string> messages, CancellationToken ct);

    /// <summary>
    /// Hears what all nodes send, perhaps this one included, until it is cancelled or the connection is lost, which it
    /// throws. <paramref name="connected"/> is called when nothing is missed any more.
    /// </summary>
    Task ListenAsync(Action connected, Action<string> heard, CancellationToken ct);
}
