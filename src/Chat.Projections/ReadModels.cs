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
public sealed class ReadModels : IProjection
{
    public const string ProjectionName = "ReadModels";

    public string Name => ProjectionName;

    public static Task MigrateAsync(NpgsqlDataSource database, CancellationToken ct) =>
        SchemaScript.ApplyAsync(database, typeof(ReadModels).Assembly, "Chat.Projections.Schema.read-models.sql", ct);

    public async Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        AccountsProjection.Apply(events, batch.BatchCommands);
        RoomsProjection.Apply(events, batch.BatchCommands);
        MembersProjection.Apply(events, batch.BatchCommands);
        MessagesProjection.Apply(events, batch.BatchCommands);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
