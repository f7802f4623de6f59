using Npgsql;

namespace Chat.EventStore;

/// <summary>What an error of a write, other than an outage, says about the append that it stopped.</summary>
internal sealed class WriteFailure(EventStoreOptions options)
{
    /// <summary>
    /// A foreign writer may take a version between our look and our insert, but not many times in a row.
    /// </summary>
    public const int ForeignRacesMax = 3;

    public bool IsForeignRace(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } postgres
        && postgres.SchemaName == options.Schema
        && postgres.ConstraintName == MartenTables.StreamAndVersion;

    /// <summary>Somebody else holds a lock that the write needs.</summary>
    public static bool IsForeignLock(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Whether the append's own values are at fault: wrong data, a violated constraint, a limit.</summary>
    public static bool IsOfTheAppend(Exception e) =>
        e is PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] };

    /// <summary>What the caller is told when the append is given up.</summary>
    public Exception Of(Exception e) => e switch
    {
        PostgresException { ConstraintName: MartenTables.EventId } =>
            new InvalidEventException("An event id belongs to another append.", e),
        _ when IsForeignRace(e) => new StoreUnavailableException(
            "Another writer took the stream's next version each time.", e),
        _ when IsOfTheAppend(e) => new InvalidEventException("PostgreSQL refuses the append.", e),
        _ => new StoreUnavailableException("The store cannot write.", e),
    };
}
