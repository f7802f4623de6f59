using Chat.Projections.Accounts;

namespace Chat.Api.Accounts;

internal sealed class AccountLoader(AccountReader accounts) : BatchDataLoader<Guid, AccountRow>
{
    /// <summary>A person whom the read models name, and so must have.</summary>
    public async Task<User> UserAsync(Guid id, CancellationToken ct) => User.From(await ExistingAsync(id, ct));

    public async Task<Viewer> ViewerAsync(Guid id, CancellationToken ct)
    {
        var account = await ExistingAsync(id, ct);
        return new Viewer(account.Id, account.Email, account.Role);
    }

    protected override async Task<IReadOnlyDictionary<Guid, AccountRow>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) =>
        (await accounts.FindAsync(keys, ct)).ToDictionary(account => account.Id);

    private async Task<AccountRow> ExistingAsync(Guid id, CancellationToken ct) =>
        await LoadAsync(id, ct)
            ?? throw new InvalidOperationException($"Account {id} is named but not in the read models.");
}
