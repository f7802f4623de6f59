using Npgsql;

namespace Chat.EventStore;

/// <summary>A projection that can fill empty tables by a faster way than page by page.</summary>
internal interface IBulkProjection : ISchemaProjection
{
    /// <summary>Makes the tables in a schema without any, fills them, and makes their keys.</summary>
    Task LoadAsync(BulkLoad load, CancellationToken cancellationToken);
}

/// <summary>What a rebuild gives a projection to fill its tables with.</summary>
/// <param name="Schema">The schema of the rebuild.</param>
/// <param name="Pages">The events in order, decoded ahead of the one who takes them.</param>
/// <param name="DataSource">The connections.</param>
/// <param name="Options">The limits.</param>
internal sealed record BulkLoad(
    string Schema,
    IAsyncEnumerable<IReadOnlyList<StoredEvent>> Pages,
    NpgsqlDataSource DataSource,
    RebuildOptions Options);
