using Npgsql;

namespace Chat.EventStore;

/// <summary>The tables of projections that own a schema.</summary>
public static class ProjectionTables
{
    /// <summary>Longest name of a projection's schema: the names of a rebuild's schemas are made of it.</summary>
    public const int MaxSchemaLength = 40;

    /// <summary>
    /// Makes the live schema of a projection with its tables and indexes, where they are missing. Any number of
    /// processes may do it at once, also during a rebuild; what a killed one left is removed. Tables
    /// that exist keep their shape: a changed shape is brought by a rebuild.
    /// </summary>
    /// <exception cref="ArgumentException">The projection's schema is no name that can be used.</exception>
    public static Task EnsureAsync(
        NpgsqlDataSource dataSource, ISchemaProjection projection, CancellationToken cancellationToken) =>
        TryEnsureAsync(dataSource, projection, static (_, _, _) => Task.FromResult(true), cancellationToken);

    /// <summary>Does the same if a condition holds, which is asked when nobody else can make or swap them.</summary>
    internal static async Task<bool> TryEnsureAsync(
        NpgsqlDataSource dataSource,
        ISchemaProjection projection,
        Func<NpgsqlConnection, ISchemaProjection, CancellationToken, Task<bool>> condition,
        CancellationToken cancellationToken)
    {
        CheckSchema(projection.Schema);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await RebuildLeftovers.DropUnlessRunningAsync(connection, projection.Schema, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, projection.Schema, cancellationToken);
        if (!await condition(connection, projection, cancellationToken))
            return false;
        await connection.RunAsync($"CREATE SCHEMA IF NOT EXISTS {projection.Schema}", cancellationToken);
        await projection.CreateTablesAsync(projection.Schema, connection, cancellationToken);
        await projection.CreateIndexesAsync(projection.Schema, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>A rebuild replaces all that is in the schema, so it is to hold nothing else.</summary>
    internal static void CheckSchema(string schema, EventStoreOptions options)
    {
        CheckSchema(schema);
        if (schema == options.Schema || schema == options.ExtensionSchema)
            throw new ArgumentException(
                $"'{schema}' is the store's; a projection needs a schema of its own.", nameof(schema));
    }

    internal static void CheckSchema(string schema)
    {
        if (schema is "public" or "information_schema" || schema.StartsWith("pg_", StringComparison.Ordinal))
            throw new ArgumentException(
                $"'{schema}' is everybody's; a projection needs a schema of its own.", nameof(schema));
        if (!SqlName.IsIdentifier(schema) || schema.Length > MaxSchemaLength)
            throw new ArgumentException(
                $"A projection's schema is a lower-case SQL identifier of at most {MaxSchemaLength} characters; "
                + $"'{schema}' is not.",
                nameof(schema));
    }

    /// <summary>
    /// Held until the transaction ends: tables are made and swapped by one at a time, because "if not exists" races
    /// with itself and with a rename.
    /// </summary>
    internal static Task LockAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.RunAsync(
            "SELECT pg_advisory_xact_lock(hashtextextended('Chat.EventStore tables of ' || $1, 0))",
            cancellationToken,
            schema);
}
