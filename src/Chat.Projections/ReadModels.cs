using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections.Accounts;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;
using Npgsql;

namespace Chat.Projections;

/// <summary>
/// All read models, moved forward together: one transaction a page, so that whatever a snapshot shows of a room stands
/// at that room's position.
/// </summary>
public sealed class ReadModels : ISchemaProjection
{
    public const string ProjectionName = "ReadModels";

    private const string Tables = "Chat.Projections.Schema.read-models.sql";
    private const string Indexes = "Chat.Projections.Schema.read-model-indexes.sql";

    /// <summary>
    /// To be raised when the tables change, or what the projections write into them: a server then rebuilds the read
    /// models at its start (docs/adr/0018-read-models-have-a-version.md).
    /// </summary>
    public const int ModelVersion = 2;

    public string Name => ProjectionName;

    public int Version => ModelVersion;

    public string Schema => "chat_read";

    public Task CreateTablesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        SchemaScript.RunAsync(connection, typeof(ReadModels).Assembly, Tables, schema, cancellationToken);

    public Task CreateIndexesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        SchemaScript.RunAsync(connection, typeof(ReadModels).Assembly, Indexes, schema, cancellationToken);

    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var slice in Slices(events))
            ApplySlice(slice, transaction);
        return Task.CompletedTask;
    }

    private static void ApplySlice(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        AccountsProjection.Apply(events, transaction);
        RoomsProjection.Create(events, transaction);
        MembersProjection.Apply(events, transaction);
        StaysProjection.Apply(events, transaction);
        InvitationsProjection.Apply(events, transaction);
        BansProjection.Apply(events, transaction);
        MutesProjection.Apply(events, transaction);
        SlowPostsProjection.Apply(events, transaction);
        PinsProjection.Apply(events, transaction);
        // Messages are numbered on from what the room counts before this slice.
        MessagesProjection.Apply(events, transaction);
        RoomsProjection.Advance(events, transaction);
        ReactionsProjection.Apply(events, transaction);
        DeletionsProjection.Apply(events, transaction);
        InviteLinksProjection.Apply(events, transaction);
        ReportsProjection.Apply(events, transaction);
        ExpiryProjection.Apply(events, transaction);
        ErasureProjection.Apply(events, transaction);
    }

    // What removes rows of many events at once comes last in its slice: then a slice can be applied set by set, and the
    // outcome does not depend on where pages begin.
    private static IEnumerable<IReadOnlyList<StoredEvent>> Slices(IReadOnlyList<StoredEvent> events)
    {
        var start = 0;
        for (var i = 1; i < events.Count; i++)
        {
            if (!EndsSlice(events[i - 1]) || EndsSlice(events[i]))
                continue;
            yield return Range(events, start, i);
            start = i;
        }

        yield return start == 0 ? events : Range(events, start, events.Count);
    }

    private static bool EndsSlice(StoredEvent stored) => stored.Data is HistoryExpired or AccountErased;

    private static List<StoredEvent> Range(IReadOnlyList<StoredEvent> events, int from, int to)
    {
        var slice = new List<StoredEvent>(to - from);
        for (var i = from; i < to; i++)
            slice.Add(events[i]);
        return slice;
    }
}
