using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Messages;

public sealed class EditMessageTests
{
    private static readonly EditMessage Edit = new(People.MessageId, People.Bob, "hello!");
    private static readonly Given Posted =
        Given.Events(People.PublicRoom, People.BobJoined, People.PostedBy(People.Bob));

    [Fact]
    public void The_author_corrects_a_typo() =>
        Posted.When(Edit.Decide).ThenOnce(new MessageEdited(People.MessageId, People.Bob.Id, "hello!"));

    [Fact]
    public void An_edit_that_changes_nothing_is_done() =>
        Posted.Later(TimeSpan.FromDays(2)).When((Edit with { Text = "hello" }).Decide).ThenNothing();

    [Fact]
    public void Others_are_refused() =>
        Posted.When((Edit with { Editor = People.Alice }).Decide).ThenRefused(EditMessage.NotAuthor);

    [Fact]
    public void After_a_day_it_is_history()
    {
        Posted.Later(Message.OwnWindow).When(Edit.Decide)
            .Then(new MessageEdited(People.MessageId, People.Bob.Id, "hello!"));
        var late = Posted.Later(Message.OwnWindow + TimeSpan.FromSeconds(1));
        late.When(Edit.Decide).ThenRefused(Message.TooLate);
        late.When(new DeleteMessage(People.MessageId, People.Bob, null).Decide).ThenRefused(Message.TooLate);
    }

    [Fact]
    public void What_the_author_may_not_see_is_not_there()
    {
        Given.Events(People.PublicRoom, People.BobJoined).When(Edit.Decide).ThenRefused(Refusal.NotFound);
        Posted.And(new MemberLeft(People.Bob.Id)).When(Edit.Decide).ThenRefused(Refusal.NotFound);
        Posted.And(new MemberBanned(People.Bob.Id, People.Alice.Id)).When(Edit.Decide).ThenRefused(Refusal.NotFound);
        Posted.And(new MemberLeft(People.Bob.Id), new MemberJoined(People.Bob.Id, HistoryHidden: true))
            .When(Edit.Decide).ThenRefused(Refusal.NotFound);
    }

    [Fact]
    public void The_muted_and_an_archived_room_keep_what_is_written()
    {
        Posted.And(new MemberMuted(People.Bob.Id, People.Noon.AddDays(1), People.Alice.Id)).When(Edit.Decide)
            .ThenRefused(Room.IsMuted);
        Posted.And(new RoomArchived()).When(Edit.Decide).ThenRefused(Room.IsArchived);
    }

    [Fact]
    public void The_deleted_stay_deleted() =>
        Posted.And(new MessageDeleted(People.MessageId, People.Bob.Id)).When(Edit.Decide)
            .ThenRefused(Message.IsDeleted);

    [Fact]
    public void The_new_text_obeys_the_room()
    {
        Posted.When((Edit with { Text = new string('x', 10_001) }).Decide).ThenRefused(MessageText.TooLong);
        Given.Events(
                People.PrivateRoom with { Encrypted = true }, People.BobJoined, People.PostedBy(People.Bob, "AAAA"))
            .When(Edit.Decide).ThenRefused(MessageText.NotCiphertext);
    }

    [Fact]
    public void Who_was_mentioned_may_have_left_but_new_ones_are_members()
    {
        var mentioning = Given.Events(
            People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id),
            People.PostedBy(People.Bob) with { MentionIds = [People.Carol.Id] }, new MemberLeft(People.Carol.Id));
        mentioning.When(Edit.Decide)
            .ThenOnce(new MessageEdited(People.MessageId, People.Bob.Id, "hello!", [People.Carol.Id]));
        mentioning.When((Edit with { MentionIds = [] }).Decide)
            .ThenOnce(new MessageEdited(People.MessageId, People.Bob.Id, "hello!"));
        mentioning.When((Edit with { MentionIds = [People.Dave.Id] }).Decide)
            .ThenRefused(MessageText.MentionNotMember);
    }
}

public sealed class DeleteMessageTests
{
    private static readonly Given Posted = Given.Events(
        People.PublicRoom, People.BobJoined, new MemberJoined(People.Carol.Id), People.PostedBy(People.Bob));

    [Fact]
    public void Authors_and_those_above_them_delete()
    {
        Delete(People.Bob).ThenOnce(new MessageDeleted(People.MessageId, People.Bob.Id));
        Delete(People.Alice, "spam").ThenOnce(new MessageDeleted(People.MessageId, People.Alice.Id, "spam"));
        Delete(People.Root).ThenOnce(new MessageDeleted(People.MessageId, People.Root.Id));
        Delete(People.Carol).ThenRefused(Room.NotAllowed);
        Delete(People.Dave).ThenRefused(Refusal.NotFound);
    }

    [Fact]
    public void A_moderator_is_not_bound_by_time_but_by_rank()
    {
        var ranks = Posted.And(People.Bob.Became(RoomRole.Admin), People.Carol.Became(RoomRole.Moderator));
        ranks.When(new DeleteMessage(People.MessageId, People.Carol, null).Decide).ThenRefused(Room.NotLower);
        ranks.Later(TimeSpan.FromDays(400)).When(new DeleteMessage(People.MessageId, People.Alice, null).Decide)
            .ThenOnce(new MessageDeleted(People.MessageId, People.Alice.Id));
        ranks.And(new MemberLeft(People.Bob.Id)).When(new DeleteMessage(People.MessageId, People.Carol, null).Decide)
            .ThenOnce(new MessageDeleted(People.MessageId, People.Carol.Id));
    }

    [Fact]
    public void What_is_deleted_is_pinned_no_more() =>
        Posted.And(new MessagePinned(People.MessageId, 4))
            .When(new DeleteMessage(People.MessageId, People.Bob, null).Decide)
            .ThenOnce(new MessageUnpinned(People.MessageId), new MessageDeleted(People.MessageId, People.Bob.Id));

    [Fact]
    public void Nothing_of_the_text_is_left()
    {
        var world = World.Of(
            People.PublicRoom, People.PostedBy(People.Alice) with { MentionIds = [People.Alice.Id] },
            new ReactionAdded(People.MessageId, People.Alice.Id, "👍", NewKind: true),
            new MessageDeleted(People.MessageId, People.Alice.Id));
        var message = world.Find(People.MessageId)!;
        (message.Text, message.Deleted, message.MentionIds.Count).ShouldBe(("", true, 0));
        world.ReactionsOf(People.MessageId, People.Alice).Counts.ShouldBeEmpty();
    }

    private static Given Delete(Domain.Accounts.Actor deleter, string? reason = null) =>
        Posted.When(new DeleteMessage(People.MessageId, deleter, reason).Decide);
}

public sealed class PinMessageTests
{
    private static readonly Given Posted =
        Given.Events(People.PublicRoom, People.BobJoined, People.PostedBy(People.Bob));

    private static readonly PinMessage Pin = new(People.MessageId, People.Alice);
    private static readonly MessagePinned Pinned = new(People.MessageId, 3);

    [Fact]
    public void Moderators_pin_and_members_where_they_may()
    {
        Posted.When(Pin.Decide).ThenOnce(Pinned);
        Posted.When((Pin with { Pinner = People.Bob }).Decide).ThenRefused(Room.MembersCannotPin);
        Posted.And(People.Settings(settings => settings with { MembersCanPin = true }))
            .When((Pin with { Pinner = People.Bob }).Decide).ThenOnce(Pinned);
        Posted.When((Pin with { Pinner = People.Carol }).Decide).ThenRefused(Refusal.NotFound);
        Posted.And(Pinned).When(new UnpinMessage(People.MessageId, People.Alice).Decide)
            .ThenOnce(new MessageUnpinned(People.MessageId));
    }

    [Fact]
    public void Fifty_is_the_most()
    {
        var others = Enumerable.Range(1, PinMessage.PinsMax).Select(i => new MessagePinned(Id(i), i)).ToList();
        Posted.And(others.Skip(1)).When(Pin.Decide).ThenOnce(Pinned);
        Posted.And(others).When(Pin.Decide).ThenRefused(PinMessage.TooMany);
        Posted.And(others).And(new MessageUnpinned(Id(1))).When(Pin.Decide).ThenOnce(Pinned);
    }

    [Fact]
    public void The_deleted_are_not_pinned() =>
        Posted.And(new MessageDeleted(People.MessageId, People.Bob.Id)).When(Pin.Decide)
            .ThenRefused(Message.IsDeleted);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}

public sealed class ReportMessageTests
{
    private static readonly World Posted =
        World.Of(People.PublicRoom, People.BobJoined, People.PostedBy(People.Alice));

    private static readonly ReportMessage Report = new(People.MessageId, People.Bob, "rude");

    [Fact]
    public void A_member_reports_what_they_see_once()
    {
        var reported = new MessageReported(
            Report.ReportId, People.RoomId, People.MessageId, People.Bob.Id, "rude");
        Decide(Report, Posted).Events.ShouldBe([reported]);
        Decide(Report, Posted, isReported: true).Events.ShouldBeEmpty();
        Decide(Report, Posted.With(new RoomArchived())).Events.ShouldBe([reported]);
        Decide(Report with { Reporter = People.Carol }, Posted).Refusal.ShouldBe(Refusal.NotFound);
        Decide(Report, Posted.With(new MessageDeleted(People.MessageId, People.Alice.Id))).Refusal
            .ShouldBe(Message.IsDeleted);
    }

    [Fact]
    public void A_report_is_told_by_message_and_reporter()
    {
        (Report with { Reason = "very rude" }).ReportId.ShouldBe(Report.ReportId);
        (Report with { Reporter = People.Carol }).ReportId.ShouldNotBe(Report.ReportId);
        (Report with { MessageId = Guid.Empty }).ReportId.ShouldNotBe(Report.ReportId);
    }

    private static Decision<ReportEvent> Decide(ReportMessage report, World world, bool isReported = false) =>
        report.Decide(world.Room!, world.Find(People.MessageId), isReported);
}
