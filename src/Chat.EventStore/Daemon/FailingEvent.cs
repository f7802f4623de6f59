using System.Text;
using Npgsql;

namespace Chat.EventStore;

/// <summary>An event that a projection cannot apply.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="EventId">Its id.</param>
/// <param name="EventTypeName">The alias of its type.</param>
/// <param name="Error">
/// Why, at most <see cref="ProjectionOptions.ErrorTextMax"/> characters; without the message of the exception where the
/// event's type has personal data or is not mapped.
/// </param>
public sealed record FailingEvent(long Sequence, Guid EventId, string EventTypeName, string Error)
{
    internal static FailingEvent Of(StoredEvent one, string error) =>
        new(one.Sequence, one.Id, one.EventTypeName, error);

    /// <summary>The four columns failure, sequence, event and type; null when there is no failure.</summary>
    internal static FailingEvent? Of(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new(
            reader.GetInt64(column + 1),
            reader.GetGuid(column + 2),
            reader.GetString(column + 3),
            reader.GetString(column));

    /// <summary>
    /// Why some events cannot be applied, as it can be stored and shown. Messages often quote the value that does not
    /// fit, and what is stored here outlives the key of an erased subject: of events that may hold personal data only
    /// the kind of the error is told.
    /// </summary>
    internal static string TextOf(Exception error, IEnumerable<StoredEvent> events, EventTypes types) =>
        Confidential(events, types) is not { } one ? TextOf(error)
        : types.Find(one.EventTypeName) is null
            ? Storable($"{KindOf(error)} (its message is not kept: the type {one.EventTypeName} is not mapped)")
        : Storable($"{KindOf(error)} (its message is not kept: {one.EventTypeName} holds personal data)");

    /// <summary>The first event that may hold personal data; nobody knows what one of an unknown type holds.</summary>
    internal static StoredEvent? Confidential(IEnumerable<StoredEvent> events, EventTypes types) =>
        events.FirstOrDefault(one => types.Find(one.EventTypeName) is not { PersonalData: null });

    /// <summary>The message of an error, as it can be stored; of PostgreSQL's, without values of rows.</summary>
    internal static string TextOf(Exception error) => Storable(
        error is PostgresException postgres ? $"{postgres.SqlState}: {postgres.MessageText}" : error.Message);

    private static string KindOf(Exception error)
    {
        var kind = error is PostgresException postgres
            ? $"{nameof(PostgresException)} {postgres.SqlState}"
            : error.GetType().Name;
        return error.InnerException is { } inner ? $"{kind}: {KindOf(inner)}" : kind;
    }

    private static string Storable(string text)
    {
        if (text.Length > ProjectionOptions.ErrorTextMax)
            text = text[..ProjectionOptions.ErrorTextMax];

        // Half a surrogate pair comes back from UTF-8 as U+FFFD, one character as before.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
    }
}
