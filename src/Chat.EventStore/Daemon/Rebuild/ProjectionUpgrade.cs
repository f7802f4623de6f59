using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Brings a database to where this program can run a projection on it: the store's own tables, and those of the
/// projection. Tables of an earlier version are rebuilt from the log, while processes of that version go on with them
/// until the swap; from then on these can write nothing any more, and their daemons end.
/// </summary>
/// <param name="store">The log.</param>
/// <param name="dataSource">The database of the model; the same as the store's.</param>
/// <param name="options">Limits of a rebuild.</param>
/// <param name="logger">Hears what a rebuild waits for.</param>
public sealed class ProjectionUpgrade(
    EventStore store, NpgsqlDataSource dataSource, RebuildOptions options, ILogger<ProjectionRebuild> logger)
{
    private readonly ModelVersions versions = new(store.Options);

    /// <summary>
    /// Does what there is to do. Idempotent; any number of processes may do it at once, one of which rebuilds. One that
    /// failed or was killed leaves the live tables as they were, and the next call begins again.
    /// </summary>
    /// <param name="projection">The projection.</param>
    /// <param name="progress">Is told how far a rebuild is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False while another process rebuilds: call it again.</returns>
    /// <exception cref="ModelVersionException">The tables are of a later version; nothing was touched.</exception>
    /// <exception cref="RebuildFailedException">See <see cref="ProjectionRebuild.RunAsync"/>.</exception>
    /// <exception cref="EventNotAppliedException">See <see cref="ProjectionRebuild.RunAsync"/>.</exception>
    public async Task<bool> TryRunAsync(
        ISchemaProjection projection, IProgress<RebuildProgress>? progress, CancellationToken cancellationToken)
    {
        await RefuseLaterAsync(projection, cancellationToken);
        await store.MigrateAsync(cancellationToken);
        if (await TryMakeAsync(projection, cancellationToken))
            return true;
        try
        {
            // Another process may have finished its rebuild since this one looked.
            await new ProjectionRebuild(store, dataSource, options, logger)
                .RunUnlessAsync(IsCurrentAsync, projection, progress, cancellationToken);
        }
        catch (RebuildRunningException)
        {
            return false;
        }

        // A process of the earlier version that started meanwhile has made its functions again.
        await store.MigrateAsync(cancellationToken);
        return await TryMakeAsync(projection, cancellationToken);
    }

    // Before anything else: the store's tables and functions are a later version's too.
    private async Task RefuseLaterAsync(ISchemaProjection projection, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await versions.ReadIfAnyAsync(connection, projection, cancellationToken) is { } stored
            && stored > projection.Version)
            throw new ModelVersionException(projection.Name, stored, projection.Version);
    }

    /// <summary>Makes what is missing; false when the tables are of an earlier version.</summary>
    private Task<bool> TryMakeAsync(ISchemaProjection projection, CancellationToken cancellationToken) =>
        ProjectionTables.TryEnsureAsync(dataSource, projection, TryWriteVersionAsync, cancellationToken);

    private async Task<bool> TryWriteVersionAsync(
        NpgsqlConnection connection, ISchemaProjection projection, CancellationToken cancellationToken)
    {
        if (!await IsCurrentAsync(connection, projection, cancellationToken))
            return false;
        await versions.WriteAsync(connection, projection, cancellationToken);
        return true;
    }

    /// <summary>Whether the tables need no rebuild: they are of this version, or not there yet.</summary>
    private async Task<bool> IsCurrentAsync(
        NpgsqlConnection connection, ISchemaProjection projection, CancellationToken cancellationToken)
    {
        var stored = await versions.ReadAsync(connection, projection, cancellationToken);
        if (stored > projection.Version)
            throw new ModelVersionException(projection.Name, stored.Value, projection.Version);
        var progressed = await new ProgressRows(store.Options, projection).ReadAsync(connection, cancellationToken) > 0;
        var made = await new ShadowSchema(projection.Schema, connection.ProcessID)
            .IsLiveThereAsync(connection, cancellationToken);

        // Tables of which nobody wrote down the version are an earlier program's, and somebody dropped those that have
        // progress and are not there.
        var isNew = !made && !progressed;
        return isNew || (made && stored == projection.Version);
    }
}
