using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Domain;
using Chat.Domain.Messages;

namespace Chat.Api.Messages;

[GraphQLDescription("Mentions are named, never parsed from the text.")]
public sealed record PostMessageInput(
    Guid? CommandId, Guid RoomId, string Text, Guid? ReplyToId, Guid? ThreadRootId, IReadOnlyList<Guid>? MentionIds,
    bool? MentionsRoom, IReadOnlyList<Guid>? AttachmentIds);

[MutationType]
internal static class PostMessageMutation
{
    private static readonly PostMessage.Validator Posts = new();

    private static readonly Refusal NoSuchAttachment =
        new("INVALID_INPUT", "attachmentIds must name files that you have uploaded.") { Field = "attachmentIds" };

    public static Task<MessagePayload> PostMessageAsync(
        PostMessageInput input, [GlobalState] Caller caller, MessageCommands commands, MessageResults results,
        TimeProvider clock, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var post = new PostMessage(Guid.Empty, session.Account.Actor, input.Text)
            {
                ReplyToId = input.ReplyToId,
                ThreadRootId = input.ThreadRootId,
                MentionIds = input.MentionIds ?? [],
                MentionsRoom = input.MentionsRoom ?? false,
            };
            var errors = Posts.Check(post);
            if (input.AttachmentIds is { Count: > 0 })
                errors.Add(CommandError.From(NoSuchAttachment));
            if (errors.Count > 0)
                return MessagePayload.Failed(errors);
            var outcome = await commands.PostAsync(
                new Command("postMessage", input.CommandId, input), session, caller, input.RoomId, post,
                (room, facts, named) => named.Decide(
                    room, facts?[named.ReplyToId], facts?[named.ThreadRootId], clock.GetUtcNow()),
                ct);
            return await results.MessageAsync(outcome, outcome.FirstEventId, session, ct);
        }, ct, RateLimits.Posts, input.RoomId);
}
