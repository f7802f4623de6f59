using System.Text;
using Npgsql;

namespace Chat.EventStore;

/// <summary>An event that a projection cannot apply.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="EventId">Its id.</param>
/// <param name="EventTypeName">The alias of its type.</param>
/// <param name="Error">Why; at most <see cref="ProjectionOptions.ErrorTextMax"/> characters.</param>
public sealed record FailingEvent(long Sequence, Guid EventId, string EventTypeName, string Error)
{
    internal static FailingEvent Of(StoredEvent one, Exception error) =>
        new(one.Sequence, one.Id, one.EventTypeName, TextOf(error));

    /// <summary>The four columns failure, sequence, event and type; null when there is no failure.</summary>
    internal static FailingEvent? Of(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new(
            reader.GetInt64(column + 1),
            reader.GetGuid(column + 2),
            reader.GetString(column + 3),
            reader.GetString(column));

    /// <summary>The message of an error, as it can be stored; of PostgreSQL's, without values of rows.</summary>
    internal static string TextOf(Exception error)
    {
        var text = error is PostgresException postgres
            ? $"{postgres.SqlState}: {postgres.MessageText}"
            : error.Message;
        if (text.Length > ProjectionOptions.ErrorTextMax)
            text = text[..ProjectionOptions.ErrorTextMax];

        // Half a surrogate pair comes back from UTF-8 as U+FFFD, one character as before.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
    }
}
