using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// A projection that owns a schema: nobody else writes there, so it can be rebuilt beside the live tables and swapped
/// in (<see cref="ProjectionRebuild"/>). All its SQL names the schema it is given, <see
/// cref="ProjectionTransaction.Schema"/>: the live one, or that of a rebuild.
/// </summary>
public interface ISchemaProjection : IProjection
{
    /// <summary>
    /// The live schema, which readers read: a lower-case SQL identifier of at most <see
    /// cref="ProjectionTables.MaxSchemaLength"/> characters.
    /// </summary>
    string Schema { get; }

    /// <summary>
    /// The version of the model, 1 or more. To be raised when its tables get another shape or its rows another meaning:
    /// <see cref="ProjectionUpgrade"/> rebuilds tables of an earlier version, and a daemon ends where they are of
    /// another one.
    /// </summary>
    int Version => 1;

    /// <summary>
    /// Makes the tables, with the keys that applying events needs, in a schema that exists. Idempotent.
    /// </summary>
    /// <param name="schema">Where: the live schema, or that of a rebuild.</param>
    /// <param name="connection">An open connection; whoever opened it commits.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task CreateTablesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Makes what only readers need, such as secondary indexes: a rebuild does it when the tables are full. Idempotent.
    /// </summary>
    /// <param name="schema">Where: the live schema, or that of a rebuild.</param>
    /// <param name="connection">An open connection; whoever opened it commits.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task CreateIndexesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken);
}
