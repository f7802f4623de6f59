using Chat.Api.Accounts;

namespace Chat.Api.Realtime;

/// <summary>Ordered: of several devices the most active one counts.</summary>
public enum Presence
{
    Online,
    Away,
    Offline,
}

/// <summary>Somebody came, went or turned away.</summary>
public sealed record PresenceSignal([property: GraphQLIgnore] Guid AccountId, Presence Presence) : IPersonSignal;

[ObjectType<PresenceSignal>]
internal static class PresenceSignalType
{
    public static Task<User> UserAsync([Parent] PresenceSignal signal, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(signal.AccountId, ct);
}
