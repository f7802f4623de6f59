using Chat.Api.Accounts;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

[GraphQLName("Message")]
public sealed record MessageView(
    Guid Id, Guid RoomId, long Position, [property: GraphQLIgnore] Guid AuthorId, string Text, DateTimeOffset SentAt)
{
    public static MessageView From(MessageRow row) =>
        new(row.Id, row.RoomId, row.Position, row.AuthorId, row.Text, row.SentAt);
}

public sealed record MessageConnection(IReadOnlyList<MessageView> Nodes, PageInfo PageInfo);

[ObjectType<MessageView>]
internal static class MessageType
{
    public static Task<User> AuthorAsync([Parent] MessageView message, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(message.AuthorId, ct);
}
