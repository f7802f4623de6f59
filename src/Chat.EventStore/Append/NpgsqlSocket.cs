using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

// The connector is internal by intent; a test proves that this still reaches it.
#pragma warning disable NPG9001

namespace Chat.EventStore;

/// <summary>
/// Npgsql has no public way to drop a socket without first sending the cancel request that must not be sent.
/// </summary>
internal static class NpgsqlSocket
{
    public static void Drop(NpgsqlConnection connection, Exception reason)
    {
        if (ConnectorOf(connection) is { } connector)
            Break(connector, reason);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector? ConnectorOf(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Break")]
    private static extern Exception Break(NpgsqlConnector connector, Exception reason);
}
