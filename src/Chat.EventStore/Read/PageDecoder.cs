namespace Chat.EventStore;

/// <summary>
/// Decodes the rows of a page as they arrive, so that the server and this process work at once. Only rows with
/// personal data wait for the end of the page: their keys are fetched together.
/// </summary>
internal sealed class PageDecoder(EventCodec codec)
{
    private readonly List<StoredEvent> events = [];
    private List<(int Index, EventRow Row)>? waiting;

    public int Count => events.Count;

    public void Add(in EventRow row)
    {
        if (codec.HoldsPersonalData(row.Type))
        {
            (waiting ??= []).Add((events.Count, row));
            events.Add(null!);
        }
        else
        {
            events.Add(codec.Decode(row, cipher: null));
        }
    }

    /// <summary>The events of the page. To be called when no connection is held any more.</summary>
    public async ValueTask<List<StoredEvent>> CompleteAsync(CancellationToken cancellationToken)
    {
        if (waiting is not null)
        {
            var decoded = await codec.DecodeAsync(waiting.ConvertAll(one => one.Row), cancellationToken);
            for (var i = 0; i < decoded.Count; i++)
                events[waiting[i].Index] = decoded[i];
        }

        return events;
    }
}
