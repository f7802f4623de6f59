namespace Chat.EventStore;

/// <summary>
/// The way of an append: checked and encoded, then written with others or in a transaction of its own.
/// </summary>
internal sealed class Appender(
    AppendEncoder encoder,
    BatchWriter writer,
    PlainAppend plain,
    EventTail tail,
    DataKeys keys,
    AppendFinder finder,
    EventStoreOptions options)
    : IAsyncDisposable
{
    /// <summary>How often the data keys of an append may turn out to be out of date.</summary>
    private const int EncodingsMax = 3;

    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        if (append.Alongside is { Count: > 0 })
        {
            var results = await AppendAllAsync([append], cancellationToken);
            return results[0];
        }

        using var measured = new MeasuredAppend(options.Clock, append.StreamId);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var encoded = await encoder.EncodeAsync(append, tail.Generation, cancellationToken);
                    return await writer.AppendAsync(encoded, cancellationToken);
                }
                catch (DataKeyMissingException e)
                {
                    RenewKeys(e, attempt);
                }
            }
        }
        catch (SubjectErasedException e)
        {
            // A retry of what was written before the erasure is answered as ever.
            if (await finder.FindAsync(append.Events[0].Id, cancellationToken) is { } first)
                return first;
            measured.Failed(e);
            throw;
        }
        catch (Exception e)
        {
            measured.Failed(e);
            throw;
        }
    }

    public async Task<IReadOnlyList<AppendResult>> AppendAllAsync(
        IReadOnlyList<Append> appends, CancellationToken cancellationToken)
    {
        using var measured = new MeasuredAppend(options.Clock, appends[0].StreamId);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var encoded = await encoder.EncodeAllAsync(appends, tail.Generation, cancellationToken);
                    return await plain.AppendAsync(encoded, cancellationToken);
                }
                catch (DataKeyMissingException e)
                {
                    RenewKeys(e, attempt);
                }
            }
        }
        catch (Exception e)
        {
            measured.Failed(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        plain.Dispose();
    }

    // The keys are looked up again: one that was destroyed refuses the append, one that was lost is made anew.
    private void RenewKeys(DataKeyMissingException e, int attempt)
    {
        if (attempt == EncodingsMax)
            throw new StoreUnavailableException($"The data keys changed {EncodingsMax} times meanwhile.", e);
        foreach (var key in e.Keys)
            keys.Renew(key.Subject);
    }
}
