using System.Text;
using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Messages;
using Chat.Api.Rooms;
using Chat.Domain.Accounts;
using Chat.Domain.Rooms;

namespace Chat.Api.Tests;

/// <summary>
/// What a repeated command is compared by, for ever. A test that fails here means: commands from before an update would
/// be answered COMMAND_ID_REUSED after it.
/// </summary>
public sealed class CommandFormatTests
{
    private const string IdText = "00000000-0000-4000-8000-00000000000a";
    private static readonly Guid Id = new(IdText);

    [Fact]
    public void Inputs_keep_their_form()
    {
        Canonical(new CreateRoomInput(null, "Tea", null)).ShouldBe("""{"Name":"Tea"}""");
        Canonical(new CreateRoomInput(Id, "Tea", "All", RoomVisibility.Private, Encrypted: true)).ShouldBe(
            $$"""{"CommandId":"{{IdText}}","Name":"Tea","Topic":"All","Visibility":1,"Encrypted":true}""");
        Canonical(new JoinRoomInput(null, Id)).ShouldBe($$"""{"RoomId":"{{IdText}}"}""");
        Canonical(new LeaveRoomInput(null, Id)).ShouldBe($$"""{"RoomId":"{{IdText}}"}""");
        Canonical(new OpenDirectInput(null, Id, Encrypted: true)).ShouldBe(
            $$"""{"UserId":"{{IdText}}","Encrypted":true}""");
        Canonical(new UpdateRoomInput(null, Id, "Tea", "All", RoomVisibility.Private, Settings)).ShouldBe(
            $$"""{"RoomId":"{{IdText}}","Name":"Tea","Topic":"All","Visibility":1,"Settings":"""
            + """{"SlowModeSeconds":1,"MembersCanInvite":true,"MembersCanPin":true,"GuestsCanPost":true,"""
            + "\"HistoryForNewMembers\":true,\"RetentionDays\":2}}");
        Canonical(new ArchiveRoomInput(null, Id)).ShouldBe($$"""{"RoomId":"{{IdText}}","Archived":true}""");
        Canonical(new InviteMemberInput(null, Id, Id)).ShouldBe(OfMember());
        Canonical(new SetMemberRoleInput(null, Id, Id, RoomRole.Admin)).ShouldBe(OfMember(",\"Role\":1"));
        Canonical(new KickMemberInput(null, Id, Id, "spam")).ShouldBe(OfMember(",\"Reason\":\"spam\""));
        Canonical(new BanMemberInput(null, Id, Id, null)).ShouldBe(OfMember());
        Canonical(new UnbanMemberInput(null, Id, Id)).ShouldBe(OfMember());
        Canonical(new MuteMemberInput(null, Id, Id, 5, null)).ShouldBe(OfMember(",\"Seconds\":5"));
        Canonical(new CreateInviteLinkInput(null, Id, 5, DateTimeOffset.UnixEpoch)).ShouldBe(
            $$"""{"RoomId":"{{IdText}}","MaxUses":5,"ExpiresAt":"1970-01-01T00:00:00+00:00"}""");
        Canonical(new RevokeInviteLinkInput(null, Id, "code")).ShouldBe($$"""{"RoomId":"{{IdText}}","Code":"code"}""");
        Canonical(new AcceptInviteLinkInput("code")).ShouldBe("""{"Code":"code"}""");
    }

    [Fact]
    public void Inputs_of_messages_keep_their_form()
    {
        Canonical(new PostMessageInput(null, Id, "hi", null, null, null, null, null))
            .ShouldBe($$"""{"RoomId":"{{IdText}}","Text":"hi"}""");
        Canonical(new PostMessageInput(null, Id, "hi", Id, Id, [Id], true, [])).ShouldBe(
            $$"""{"RoomId":"{{IdText}}","Text":"hi","ReplyToId":"{{IdText}}","ThreadRootId":"{{IdText}}","""
            + $"\"MentionIds\":[\"{IdText}\"],\"MentionsRoom\":true,\"AttachmentIds\":[]}}");
        Canonical(new EditMessageInput(null, Id, "hi", null))
            .ShouldBe($$"""{"MessageId":"{{IdText}}","Text":"hi"}""");
        Canonical(new DeleteMessageInput(null, Id, "rude"))
            .ShouldBe($$"""{"MessageId":"{{IdText}}","Reason":"rude"}""");
        Canonical(new AddReactionInput(null, Id, "+")).ShouldBe(Canonical(new RemoveReactionInput(null, Id, "+")));
        Canonical(new PinMessageInput(null, Id)).ShouldBe($$"""{"MessageId":"{{IdText}}"}""");
        Canonical(new UnpinMessageInput(null, Id)).ShouldBe($$"""{"MessageId":"{{IdText}}"}""");
        Canonical(new ReportMessageInput(null, Id, "spam"))
            .ShouldBe($$"""{"MessageId":"{{IdText}}","Reason":"spam"}""");
    }

    [Fact]
    public void Inputs_of_accounts_keep_their_form()
    {
        Canonical(new UpdateProfileInput(null, "Alice")).ShouldBe("""{"DisplayName":"Alice"}""");
        Canonical(new SetServerRoleInput(null, Id, ServerRole.Admin))
            .ShouldBe($$"""{"UserId":"{{IdText}}","Role":1}""");
        Canonical(new CreateBotInput(null, "Robby")).ShouldBe("""{"DisplayName":"Robby"}""");
        Canonical(new RevokeBotInput(null, Id)).ShouldBe($$"""{"UserId":"{{IdText}}"}""");
    }

    [Fact]
    public void Event_ids_of_a_command_never_change()
    {
        var commandId = new Guid("00000000-0000-4000-8000-00000000000b");
        var first = CommandIds.FirstEvent(Id, commandId, TimeProvider.System);
        first.ShouldBe(new Guid(FirstEventOfSample));
        CommandIds.Event(first, 0).ShouldBe(first);
        CommandIds.Event(first, 1).ShouldBe(new Guid(SecondEventOfSample));
        CommandIds.FirstEvent(Id, null, TimeProvider.System).Version.ShouldBe(7);
    }

    private const string FirstEventOfSample = "90a2100c-0c24-5242-8fcf-fdd1b9def3e5";
    private const string SecondEventOfSample = "2ebf2e27-32c7-5879-a1d1-2b541bc7b508";

    private static readonly RoomSettingsInput Settings = new(1, true, true, true, true, 2);

    private static string OfMember(string rest = "") => $$"""{"RoomId":"{{IdText}}","UserId":"{{IdText}}"{{rest}}}""";

    private static string Canonical(object input) => Encoding.UTF8.GetString(Command.Canonical(input));
}
