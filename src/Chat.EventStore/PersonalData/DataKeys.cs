using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// The keys under which personal data is encrypted, one for each subject, wrapped by a master key. Destroying a key
/// makes all of the subject's personal data in the log unreadable at once, without touching the log.
/// </summary>
public sealed class DataKeys
{
    private const string Columns = "subject, wrapped_key, master_key, key_id";

    private readonly NpgsqlDataSource dataSource;
    private readonly EventStoreOptions options;
    private readonly KeyWrap wrap;
    private readonly DataKeyCache cache;
    private readonly string table;

    internal DataKeys(NpgsqlDataSource dataSource, EventStoreOptions options)
    {
        (this.dataSource, this.options) = (dataSource, options);
        wrap = new(options.MasterKeys);
        cache = new(options.DataKeyCacheEntries, options.DataKeyCacheTime, options.Clock);
        table = $"{options.ExtensionSchema}.data_keys";
    }

    internal Action Erased { get; set; } = () => { };

    internal int CachedKeys => cache.Count;

    /// <summary>Makes the subject's key if there is none yet.</summary>
    /// <exception cref="SubjectErasedException">The key was destroyed; it is never made again.</exception>
    public async Task EnsureAsync(Guid subject, CancellationToken cancellationToken) =>
        await GetOrMakeAsync(subject, cancellationToken);

    /// <summary>
    /// Destroys the subject's key for good, also when there was none yet. From then on the subject's personal data
    /// reads ""; other processes forget the key when they are told, and after <see
    /// cref="EventStoreOptions.DataKeyCacheTime"/> at the latest.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It is not certain that the key is gone: try again.</exception>
    public async Task EraseAsync(Guid subject, CancellationToken cancellationToken)
    {
        await using var durable = await DurableConnection.OpenAsync(
            dataSource, options.Clock, options.AppendDeadline, cancellationToken);
        await durable.CommitAsync(connection => EraseAsync(connection, subject), options.AppendDeadline);
        Forget(subject);
    }

    /// <summary>
    /// An HMAC-SHA256 of the data under a key derived from the subject's: it cannot be computed once the key is
    /// destroyed.
    /// </summary>
    /// <returns>32 bytes.</returns>
    /// <exception cref="SubjectErasedException">The key was destroyed.</exception>
    public async Task<byte[]> HmacAsync(Guid subject, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var key = await GetOrMakeAsync(subject, cancellationToken);
        var macKey = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            key.Bytes!,
            HMACSHA256.HashSizeInBytes,
            info: "Chat.EventStore mac v1"u8.ToArray());
        return HMACSHA256.HashData(macKey, data.Span);
    }

    internal async ValueTask<DataKey> GetOrMakeAsync(Guid subject, CancellationToken cancellationToken)
    {
        var key = cache.Find(subject) ?? await ReachAsync(() => MakeAsync(subject, cancellationToken));
        if (key.IsErased)
            throw new SubjectErasedException(subject);
        return key.Problem is { } problem ? throw new CryptographicException(problem) : key;
    }

    /// <summary>The keys of all these subjects; one that does not exist says so.</summary>
    internal async ValueTask<IReadOnlyDictionary<Guid, DataKey>> LoadAsync(
        IReadOnlyCollection<Guid> subjects, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<Guid, DataKey>(subjects.Count);
        var missing = new List<Guid>();
        foreach (var subject in subjects)
        {
            if (cache.Find(subject) is { } key)
                keys[subject] = key;
            else
                missing.Add(subject);
        }

        if (missing.Count == 0)
            return keys;
        var lookedUpAt = cache.Generation;
        await using var command = dataSource.CreateCommand(
            $"SELECT {Columns} FROM {table} WHERE subject = ANY ($1)");
        command.Parameters.Add(new() { Value = missing, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var subject = reader.GetGuid(0);
            cache.Add(subject, keys[subject] = Unwrapped(reader, subject), lookedUpAt);
        }

        foreach (var subject in missing.Where(subject => !keys.ContainsKey(subject)))
            keys[subject] = new() { Problem = $"Subject {subject} has no data key." };
        return keys;
    }

    /// <summary>A key in memory turned out not to be the one in the database.</summary>
    internal void Renew(Guid subject) => cache.Remove(subject);

    internal void HeardErased(string payload)
    {
        if (Guid.TryParse(payload, out var subject))
            Forget(subject);
    }

    /// <summary>An erasure may have been announced while nobody listened.</summary>
    internal void ForgetAll()
    {
        cache.Clear();
        Erased();
    }

    private void Forget(Guid subject)
    {
        cache.Forget(subject);
        Erased();
    }

    private static async Task<T> ReachAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (Outage.Is(e))
        {
            throw new StoreUnavailableException("The data keys cannot be reached.", e);
        }
    }

    private async Task<int> EraseAsync(NpgsqlConnection connection, Guid subject)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };

        // No append is in between its look at the key and its commit then.
        batch.BatchCommands.Add(new($"SELECT pg_advisory_xact_lock({options.AppendLock})"));
        batch.BatchCommands.Add(new(
            $"""
            INSERT INTO {table} AS held (subject, wrapped_key, master_key, created_at, erased_at)
            VALUES ($1, NULL, $2, $3, $3)
            ON CONFLICT (subject)
            DO UPDATE SET wrapped_key = NULL, erased_at = coalesce(held.erased_at, excluded.erased_at)
            """)
        {
            Parameters =
            {
                new() { Value = subject },
                new() { Value = options.CurrentMasterKey },
                new() { Value = StoreClock.Now(options.Clock).UtcDateTime },
            },
        });
        batch.BatchCommands.Add(new("SELECT pg_notify($1, $2)")
        {
            Parameters = { new() { Value = options.ErasedChannel }, new() { Value = subject.ToString() } },
        });
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    // The row needs no confirmation of its own: it precedes the events that need it in PostgreSQL's log, so it lasts if
    // they do.
    private async Task<DataKey> MakeAsync(Guid subject, CancellationToken cancellationToken)
    {
        var fresh = wrap.Wrap(RandomNumberGenerator.GetBytes(KeyWrap.KeyBytes), subject, options.CurrentMasterKey);
        var lookedUpAt = cache.Generation;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(
            $"""
            INSERT INTO {table} (subject, wrapped_key, master_key, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (subject) DO NOTHING
            """)
        {
            Parameters =
            {
                new() { Value = subject },
                new() { Value = fresh },
                new() { Value = options.CurrentMasterKey },
                new() { Value = StoreClock.Now(options.Clock).UtcDateTime },
            },
        });
        batch.BatchCommands.Add(new($"SELECT {Columns} FROM {table} WHERE subject = $1")
        {
            Parameters = { new() { Value = subject } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var key = Unwrapped(reader, subject);
        cache.Add(subject, key, lookedUpAt);
        return key;
    }

    private DataKey Unwrapped(NpgsqlDataReader reader, Guid subject) => reader.IsDBNull(1)
        ? DataKey.Erased
        : wrap.Unwrap(reader.GetFieldValue<byte[]>(1), subject, reader.GetInt32(2), reader.GetGuid(3));
}
