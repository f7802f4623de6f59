namespace Chat.Api.Limits;

/// <summary>Whose tokens a limit counts.</summary>
internal enum LimitScope
{
    Account,
    AccountInRoom,
    Session,
    Address,
}

/// <summary>
/// A token bucket: so many at once, and one more each <paramref name="Refill"/>. An exact one is counted in one place
/// for all nodes; the others are counted on each node, which tells the others what was taken.
/// </summary>
internal sealed record RateLimit(
    string Name, string Counts, LimitScope Scope, int Burst, TimeSpan Refill, bool IsExact);

/// <summary>All rate limits; docs/limits.md is made from it.</summary>
internal static class RateLimits
{
    /// <summary>Sockets that an account has open at a time, on all nodes.</summary>
    public const int SocketsMax = 10;

    public const double ScaleMin = 0.01;
    public const double ScaleMax = 1_000_000;

    public static readonly RateLimit Posts = new(
        "posts", "`postMessage`", LimitScope.AccountInRoom, 10, TimeSpan.FromSeconds(0.5), IsExact: false);

    public static readonly RateLimit Typing = new(
        "typing", "`setTyping`", LimitScope.AccountInRoom, 2, TimeSpan.FromSeconds(0.5), IsExact: false);

    public static readonly RateLimit Commands = new(
        "commands", "every mutation of somebody who is signed in", LimitScope.Session, 100, TimeSpan.FromSeconds(0.05),
        IsExact: false);

    public static readonly RateLimit Joins = new(
        "joins", "`joinRoom`, `acceptInviteLink`", LimitScope.Account, 20, TimeSpan.FromSeconds(3), IsExact: true);

    public static readonly RateLimit SignInsOfAccount = new(
        "sign-ins", "`signIn`, by the e-mail address that is tried", LimitScope.Account, 5, TimeSpan.FromSeconds(12),
        IsExact: true);

    public static readonly RateLimit PasswordProofs = new(
        "password proofs", "`changePassword`, `changeEmail`, `eraseAccount`", LimitScope.Account, 5,
        TimeSpan.FromSeconds(12), IsExact: true);

    public static readonly RateLimit MailRequests = new(
        "mail requests", "`requestPasswordReset`", LimitScope.Address, 10, TimeSpan.FromSeconds(6), IsExact: true);

    public static readonly RateLimit SignInsOfAddress = new(
        "sign-ins by address", "`signIn`", LimitScope.Address, 30, TimeSpan.FromSeconds(2), IsExact: true);

    public static readonly RateLimit NewAccounts = new(
        "new accounts", "`register`, `enterAsGuest`", LimitScope.Address, 60, TimeSpan.FromMinutes(1), IsExact: true);

    public static readonly IReadOnlyList<RateLimit> All =
        [Posts, Typing, Commands, Joins, SignInsOfAccount, SignInsOfAddress, PasswordProofs, MailRequests, NewAccounts];
}
