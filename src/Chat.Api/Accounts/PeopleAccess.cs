using Chat.Domain.Accounts;
using Chat.Projections.Accounts;
using Chat.Projections.Rooms;

namespace Chat.Api.Accounts;

/// <summary>
/// Who may see whom: guests see themselves and the people they share a room with, all others everybody.
/// </summary>
internal sealed class PeopleAccess(AccountReader accounts, MemberReader members)
{
    public async Task<AccountRow?> FindAsync(Guid id, Actor viewer, CancellationToken ct)
    {
        if ((await accounts.FindAsync([id], ct)).FirstOrDefault() is not { } account)
            return null;
        return !viewer.IsGuest || viewer.Id == id || (await members.SharingRoomAsync([(viewer.Id, id)], ct)).Count > 0
            ? account
            : null;
    }

    public Task<List<AccountRow>> SearchAsync(string search, int first, Actor viewer, CancellationToken ct) =>
        accounts.SearchAsync(search, first, viewer.IsGuest ? viewer.Id : null, ct);
}
