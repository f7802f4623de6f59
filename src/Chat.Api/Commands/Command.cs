using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Api.Accounts;
using Chat.Domain;
using Chat.EventStore;

namespace Chat.Api.Commands;

/// <summary>A command as it arrived: who sent it, under which id, and what it says.</summary>
internal sealed class Command(string name, Guid? commandId, object input)
{
    public const string SessionHeader = "session";
    public const string CommandHeader = "command";
    public const string InputHeader = "input";
    public const string AddressHeader = "address";

    private static readonly JsonSerializerOptions CanonicalJson =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The id of the command's first event; for a commandId it is always the same.</summary>
    public Guid FirstEventId(Guid accountId, TimeProvider clock) => CommandIds.FirstEvent(accountId, commandId, clock);

    private bool IsRepeatable => commandId is not null;

    /// <summary>
    /// What is kept beside the events. It cannot be added later, so it is there from the first one on.
    /// </summary>
    public async Task<EventMetadata> MetadataAsync(
        EventLog log, Session session, Caller caller, CancellationToken ct) => new()
    {
        CorrelationId = Activity.Current?.TraceId.ToString(),
        CausationId = commandId?.ToString(),
        Actor = session.Account.Id.ToString(),
        Headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SessionHeader] = session.Id.ToString(),
            [CommandHeader] = name,
            [InputHeader] = await InputHmacAsync(log, session.Account.Id, ct),
            [AddressHeader] = caller.AddressClass,
        },
    };

    /// <summary>
    /// What this command did when it came first, also where today's rules would say no; null when it is new. The
    /// refusal says that it was another command.
    /// </summary>
    public async Task<(AppendResult Found, Refusal? Refusal)?> FirstResultAsync(
        EventLog log, Guid firstEventId, EventMetadata metadata, CancellationToken ct) =>
        IsRepeatable && await log.FindAppendAsync(firstEventId, ct) is { } found
            ? (found, ReuseOf(found, metadata))
            : null;

    /// <summary>Whether a found append is this very command: the same name and the same input.</summary>
    public static Refusal? ReuseOf(AppendResult found, EventMetadata metadata)
    {
        var same = found.Headers is { } stored
            && stored.GetValueOrDefault(CommandHeader) == metadata.Headers![CommandHeader]
            && stored.GetValueOrDefault(InputHeader) == metadata.Headers[InputHeader];
        return same ? null : Refusal.CommandIdReused;
    }

    /// <summary>
    /// The input as it is compared for ever: what is not given is left out, so that a field added later changes nothing
    /// for commands from before it.
    /// </summary>
    public static byte[] Canonical(object input) =>
        JsonSerializer.SerializeToUtf8Bytes(input, input.GetType(), CanonicalJson);

    // Keyed by the account: the log shows neither the input nor whether two people sent the same.
    private async Task<string> InputHmacAsync(EventLog log, Guid accountId, CancellationToken ct) =>
        Convert.ToBase64String(await log.Keys.HmacAsync(accountId, Canonical(input), ct));
}
