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

    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        AccountsProjection.Apply(events, transaction);
        RoomsProjection.Apply(events, transaction);
        MembersProjection.Apply(events, transaction);
        MessagesProjection.Apply(events, transaction);
        return Task.CompletedTask;
    }
}
