using Chat.Domain.Accounts;
using Chat.EventStore;

namespace Chat.Projections.Accounts;

/// <summary>
/// What a person wrote is gone with the person (DESIGN.md §3). Such events end a slice: nothing is written by somebody
/// who is erased, so all of it is there.
/// </summary>
internal static class ErasureProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var erased = events.Select(stored => stored.Data).OfType<AccountErased>().Select(e => e.AccountId).ToArray();
        if (erased.Length == 0)
            return;
        transaction.Enqueue(Sql.Command(
            $"update {transaction.Schema}.messages set text = '' where author_id = any($1) and text <> ''", erased));
        transaction.Enqueue(Sql.Command(
            $"update {transaction.Schema}.reports set reason = '' where reporter_id = any($1)", erased));
    }
}
