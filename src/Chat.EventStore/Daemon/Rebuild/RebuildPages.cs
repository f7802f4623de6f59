using System.Runtime.CompilerServices;

namespace Chat.EventStore;

/// <summary>
/// Reads the log in order, several pages at a time: while one is worked on, the next ones are read and decoded. Pages
/// are ranges of sequence numbers, so that none has to wait for the end of another. In memory are at most one page for
/// each reader and those that the taker holds.
/// </summary>
internal sealed class RebuildPages(LogReader log, int pageEvents, int readers)
{
    public async IAsyncEnumerable<IReadOnlyList<StoredEvent>> ReadAsync(
        long after, long through, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<(long End, Task<LogPage> Page)>(readers);
        try
        {
            while (after < through || ahead.Count > 0)
            {
                while (ahead.Count < readers && after < through)
                {
                    var (from, end) = (after, Math.Min(after + pageEvents, through));
                    ahead.Enqueue((end, Task.Run(() => ReadPageAsync(from, end, stopping.Token), stopping.Token)));
                    after = end;
                }

                var next = ahead.Peek();
                for (var page = await next.Page; page.Events.Count > 0;)
                {
                    yield return page.Events;
                    if (!page.EndedEarly)
                        break;
                    page = await ReadPageAsync(page.Events[^1].Sequence, next.End, stopping.Token);
                }

                ahead.Dequeue();
            }
        }
        finally
        {
            await stopping.CancelAsync();
            Task rest = Task.WhenAll(ahead.Select(one => one.Page));
            await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<LogPage> ReadPageAsync(long after, long through, CancellationToken cancellationToken) =>
        log.ReadAllPageAsync(after, through, pageEvents, cancellationToken);
}
