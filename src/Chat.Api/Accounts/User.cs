using Chat.Domain.Accounts;
using Chat.Projections.Accounts;

namespace Chat.Api.Accounts;

/// <summary>A person as others see them.</summary>
public sealed record User(Guid Id, string DisplayName, bool IsGuest, bool IsBot)
{
    public static User From(AccountRow row) => new(row.Id, row.DisplayName, row.Role == ServerRole.Guest, row.IsBot);
}
