using Chat.Api.Commands;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Projections;

namespace Chat.Api.Accounts;

public sealed record UpdateProfileInput(Guid? CommandId, string? DisplayName);

public sealed record UserPayload(User? User, IReadOnlyList<CommandError> Errors) : ICommandPayload<UserPayload>
{
    public static UserPayload Failed(IReadOnlyList<CommandError> errors) => new(null, errors);
}

[MutationType]
internal static class ProfileMutations
{
    private static readonly UpdateProfile.Validator Profiles = new();

    [GraphQLDescription("What is not given stays.")]
    public static Task<UserPayload> UpdateProfileAsync(
        UpdateProfileInput input, [GlobalState] Caller caller, AccountLog accounts, Sessions sessions,
        UserResults results, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            var update = new UpdateProfile(input.DisplayName?.Trim());
            var errors = Profiles.Check(update);
            if (errors.Count > 0)
                return UserPayload.Failed(errors);
            var outcome = await accounts.RunAsync(
                new Command("updateProfile", input.CommandId, input), session, caller, session.Account.Id,
                account => account is null ? Account.NotFound : update.Decide(account), ct);
            sessions.Forget(session.Id);
            return await results.UserAsync(outcome.Refusal, session.Account.Id, ct);
        }, ct);
}

/// <summary>Turns what became of a command on an account into its payload.</summary>
internal sealed class UserResults(ReadSnapshot snapshot, AccountLoader accounts)
{
    public async Task<UserPayload> UserAsync(Refusal? refusal, Guid accountId, CancellationToken ct)
    {
        if (refusal is not null)
            return CommandGate.Refused<UserPayload>(refusal);
        await snapshot.RenewAsync();
        return new UserPayload(await accounts.UserAsync(accountId, ct), []);
    }
}
