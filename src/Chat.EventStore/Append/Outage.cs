using System.Net.Sockets;
using Npgsql;

namespace Chat.EventStore;

/// <summary>Tells an outage, after which the same work can be tried again, from an error in the work.</summary>
internal static class Outage
{
    private const string QueryCanceled = "57014";
    private const string ReadOnlyTransaction = "25006";
    private const string InvalidPassword = "28P01";

    public static bool Is(Exception e) => e switch
    {
        // A former primary that came back as a standby refuses to write; a cancel by an administrator says nothing of
        // the work.
        PostgresException { SqlState: QueryCanceled or ReadOnlyTransaction or InvalidPassword } => true,
        PostgresException postgres => postgres.IsTransient,
        StoreUnavailableException or NpgsqlException or SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>Whether a statement was ended because it took too long, by the server or by its caller.</summary>
    public static bool IsTimeout(Exception e) =>
        e is PostgresException { SqlState: QueryCanceled } or NpgsqlException { InnerException: TimeoutException };
}
