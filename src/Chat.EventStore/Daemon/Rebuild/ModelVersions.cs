using Npgsql;

namespace Chat.EventStore;

/// <summary>Of which version the tables of projections are, see <see cref="ISchemaProjection.Version"/>.</summary>
internal sealed class ModelVersions(EventStoreOptions options)
{
    private readonly string table = $"{options.ExtensionSchema}.projection_models";

    /// <summary>The version of the live tables; null when nobody wrote it down.</summary>
    public Task<int?> ReadAsync(
        NpgsqlConnection connection, ISchemaProjection projection, CancellationToken cancellationToken) =>
        connection.ScalarAsync<int?>(
            $"SELECT version FROM {table} WHERE projection = $1", cancellationToken, projection.Name);

    /// <summary>The same in a database that may know nothing of versions yet.</summary>
    public async Task<int?> ReadIfAnyAsync(
        NpgsqlConnection connection, ISchemaProjection projection, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<bool>("SELECT to_regclass($1) IS NOT NULL", cancellationToken, table)
            ? await ReadAsync(connection, projection, cancellationToken)
            : null;

    /// <summary>To be called in the transaction that makes the tables live.</summary>
    public Task WriteAsync(
        NpgsqlConnection connection, ISchemaProjection projection, CancellationToken cancellationToken) =>
        connection.RunAsync(
            $"""
            INSERT INTO {table} (projection, version) VALUES ($1, $2)
            ON CONFLICT (projection) DO UPDATE SET version = excluded.version
            """,
            cancellationToken,
            projection.Name,
            projection.Version);

    /// <summary>Checks that the live tables are of the version that this program knows.</summary>
    /// <exception cref="ModelVersionException">The live tables are of another version.</exception>
    public async Task RequireAsync(
        NpgsqlConnection connection, ISchemaProjection projection, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, projection, cancellationToken) is { } stored && stored != projection.Version)
            throw new ModelVersionException(projection.Name, stored, projection.Version);
    }
}
