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

    public string Name => ProjectionName;

    public string Schema => "chat_read";

    public Task CreateTablesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        SchemaScript.RunAsync(connection, typeof(ReadModels).Assembly, Tables, schema, cancellationToken);

    public Task CreateIndexesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        SchemaScript.RunAsync(connection, typeof(ReadModels).Assembly, Indexes, schema, cancellationToken);

    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        AccountsProjection.Apply(events, transaction);
        RoomsProjection.Apply(events, transaction);
        MembersProjection.Apply(events, transaction);
        StaysProjection.Apply(events, transaction);
        MessagesProjection.Apply(events, transaction);
        return Task.CompletedTask;
    }
}
