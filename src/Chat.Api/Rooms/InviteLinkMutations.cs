using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Limits;
using Chat.Api.Hosting;
using Chat.Domain.Rooms;

namespace Chat.Api.Rooms;

public sealed record InviteLinkPayload(string? Code, string? Url, IReadOnlyList<CommandError> Errors)
    : ICommandPayload<InviteLinkPayload>
{
    public static InviteLinkPayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, errors);
}

/// <summary>What a repeated command is compared by; the schema has its parts as arguments.</summary>
internal sealed record AcceptInviteLinkInput(string Code);

[MutationType]
internal static class InviteLinkMutations
{
    /// <summary>Where the web client takes a code.</summary>
    public const string Path = "/invite/";

    /// <summary>Longest code that is looked up at all.</summary>
    public const int CodeLengthMax = 100;

    private static readonly CreateInviteLink.Validator NewLinks = new();

    [GraphQLDescription("A link by which people come in. The code is answered to its maker only, and nowhere stored.")]
    public static Task<InviteLinkPayload> CreateInviteLinkAsync(
        CreateInviteLinkInput input, [GlobalState] Caller caller, InviteLinkCommands links, ChatOptions options,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            CreateInviteLink Create(Guid linkId, string codeHash) =>
                new(linkId, session.Account.Actor, codeHash, input.MaxUses, input.ExpiresAt?.ToUniversalTime());
            var errors = NewLinks.Check(Create(Guid.Empty, ""));
            if (errors.Count > 0)
                return InviteLinkPayload.Failed(errors);
            var (code, refusal) = await links.CreateAsync(
                new Command("createInviteLink", input.CommandId, input), session, caller, input.RoomId, Create, ct);
            return refusal is null
                ? new InviteLinkPayload(code, options.PublicUrl + Path + code, [])
                : CommandGate.Refused<InviteLinkPayload>(refusal);
        }, ct);

    public static Task<CommandPayload> RevokeInviteLinkAsync(
        RevokeInviteLinkInput input, [GlobalState] Caller caller, InviteLinkCommands links, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var refusal = await links.RevokeAsync(
                new Command("revokeInviteLink", input.CommandId, input), session, caller, input.RoomId,
                HashOf(input.Code), ct);
            return refusal is null ? CommandPayload.Done : CommandGate.Refused<CommandPayload>(refusal);
        }, ct);

    public static Task<RoomPayload> AcceptInviteLinkAsync(
        string code, [GlobalState] Caller caller, InviteLinkCommands links, RoomResults results,
        CancellationToken ct, Guid? commandId = null) => CommandGate.SignedInAsync(caller, async session =>
        {
            var outcome = await links.AcceptAsync(
                new Command("acceptInviteLink", commandId, new AcceptInviteLinkInput(code)), session, caller,
                HashOf(code), ct);
            return await results.RoomAsync(outcome, session, ct);
        }, ct, RateLimits.Joins);

    // What cannot be a code is looked up as no code is: the answer is the same.
    private static string HashOf(string code) =>
        InviteLink.HashOf(code.Length <= CodeLengthMax ? code : "");
}
