using System.Net.Sockets;
using Chat.Api.Accounts;
using Chat.EventStore;
using Npgsql;

namespace Chat.Api;

/// <summary>Tells outages, which pass and are worth a retry, from bugs.</summary>
internal static class Unavailable
{
    public const string Code = "UNAVAILABLE";
    public const string Message = "The server cannot answer at this moment. Try again.";

    public static bool Is(Exception e) => e switch
    {
        StoreUnavailableException or AppendOverloadedException or ServerBusyException or NotReadyException => true,
        // 57P01-57P05: the server is going down or the backend was terminated; 25006: a replica that was the primary.
        PostgresException postgres => postgres.IsTransient
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || postgres.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled
                or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidCatalogName,
        NpgsqlException or IOException or SocketException or TimeoutException or ProjectionLagException => true,
        _ => false,
    };
}

/// <summary>What was written is in the log, but the read models have not shown it in time.</summary>
internal sealed class ProjectionLagException(TimeSpan waited, Exception inner)
    : Exception($"The read models did not reach the log in {waited.TotalSeconds} s.", inner);

/// <summary>The database has not been brought up to date yet.</summary>
internal sealed class NotReadyException() : Exception("The server waits for its database.");
