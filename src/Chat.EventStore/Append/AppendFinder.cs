using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>Looks up appends by their first event.</summary>
internal sealed class AppendFinder(NpgsqlDataSource dataSource, EventStoreOptions options)
{
    /// <summary>
    /// The append that began with this event, if it will last: that is answered after a commit of its own. Most ids are
    /// of refused commands, and in no log: no commit makes that more certain, and any connection will do for it, while
    /// a durable one is opened for each use where the pool does not clean up.
    /// </summary>
    public async Task<AppendResult?> FindAsync(Guid firstEventId, CancellationToken cancellationToken)
    {
        if (!await BackgroundLoop.Run(() => IsInLogAsync(firstEventId, cancellationToken)))
            return null;
        await using var durable = await DurableConnection.OpenAsync(
            dataSource, options.Clock, options.AppendDeadline, cancellationToken);
        return await durable.CommitAsync(
            async connection =>
            {
                var found = await FindAsync(connection, [firstEventId], confirm: true);
                return found.GetValueOrDefault(firstEventId);
            },
            options.AppendDeadline);
    }

    private async Task<bool> IsInLogAsync(Guid firstEventId, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AppendDeadline, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using var command = dataSource.CreateCommand(
                $"SELECT EXISTS (SELECT FROM {options.ExtensionSchema}.find_appends($1))");
            command.Parameters.Add(new() { Value = new[] { firstEventId } });
            return (bool)(await command.ExecuteScalarAsync(either.Token))!;
        }
        catch (Exception e) when (
            Outage.Is(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StoreUnavailableException("The store cannot be reached.", e);
        }
    }

    /// <summary>For an append whose first event is in the log while the append is not to be found.</summary>
    public static StoreUnavailableException Missing(Guid firstEventId) =>
        new($"Event {firstEventId} is in the log, but the append that it began cannot be found.");

    /// <summary>The appends that began with these events; those that are not in the log are left out.</summary>
    /// <param name="connection">Where to look.</param>
    /// <param name="firstEventIds">The ids.</param>
    /// <param name="confirm">
    /// Also commit something. What is visible here may not be replicated yet; a commit that comes later in the log
    /// waits for it.
    /// </param>
    public async Task<IReadOnlyDictionary<Guid, AppendResult>> FindAsync(
        NpgsqlConnection connection, Guid[] firstEventIds, bool confirm)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        batch.BatchCommands.Add(new(
            $"""
            SELECT first_event_id, stream_id, first_version, last_version, last_sequence, headers, written_at
            FROM {options.ExtensionSchema}.find_appends($1)
            """)
        {
            Parameters = { new() { Value = firstEventIds, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
        });
        if (confirm)
            batch.BatchCommands.Add(new($"SELECT pg_logical_emit_message(true, '{options.ExtensionSchema}', 'found')"));

        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var found = new Dictionary<Guid, AppendResult>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            found[reader.GetGuid(0)] = new(
                reader.GetGuid(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                AlreadyAppended: true,
                reader.IsDBNull(5) ? null : EventCodec.DecodeHeaders(reader.GetFieldValue<byte[]>(5)),
                reader.GetFieldValue<DateTimeOffset>(6));
        }

        await reader.CloseAsync();
        return found;
    }
}
