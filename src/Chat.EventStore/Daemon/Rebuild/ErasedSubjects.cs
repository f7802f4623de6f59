using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Tells whether somebody's personal data was erased while it was copied. Tombstones only ever become more, so their
/// number says it without anybody's clock.
/// </summary>
internal sealed class ErasedSubjects(EventStore store)
{
    private long before;

    /// <summary>To be called before the first event is read: from now on, keys of now are used.</summary>
    public async Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        before = await CountAsync(connection, cancellationToken);
        store.Keys.ForgetAll();
    }

    /// <summary>To be called after the last event is read.</summary>
    public async Task<bool> AreMoreAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await CountAsync(connection, cancellationToken) != before;

    private async Task<long> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        store.Options.Types.HoldPersonalData
            ? await connection.ScalarAsync<long>(
                $"SELECT count(*) FROM {store.Options.ExtensionSchema}.data_keys WHERE erased_at IS NOT NULL",
                cancellationToken)
            : 0;
}
