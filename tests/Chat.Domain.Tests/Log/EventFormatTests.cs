using System.Reflection;
using System.Text.Json;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Log;

/// <summary>
/// The storage format. A test that fails here means: old logs can no longer be read. Add, never change.
/// </summary>
public sealed class EventFormatTests
{
    private static readonly Type[] Families =
        [typeof(AccountEvent), typeof(InviteLinkEvent), typeof(ReportEvent), typeof(RoomEvent)];

    private static readonly IReadOnlyDictionary<Type, string> Aliases =
        StoredEventType.All.ToDictionary(one => one.Type, one => one.Alias);

    /// <summary>Text that is no person's own words.</summary>
    private static readonly string[] NotPersonal =
    [
        "InviteLinkCreated.CodeHash", "ReactionAdded.Emoji", "ReactionRemoved.Emoji", "RoomCreated.Name",
        "RoomCreated.Topic", "RoomUpdated.Name", "RoomUpdated.Topic",
    ];

    // Each line: the alias, the JSON, and after # what is encrypted under whose key.
    [Fact]
    public void Every_event_has_its_alias_and_its_JSON() =>
        Markdown.ShouldBeAsWritten(string.Concat(Samples.All.Select(Line)), "tests/Chat.Domain.Tests/Log/events.txt");

    [Fact]
    public void What_is_stored_is_read_again()
    {
        foreach (var sample in Samples.All)
        {
            var json = JsonSerializer.Serialize(sample, sample.GetType());
            var read = JsonSerializer.Deserialize(json, sample.GetType())!;
            JsonSerializer.Serialize(read, sample.GetType()).ShouldBe(json);
        }
    }

    // From before these events said more. They were stored like this, and are for ever.
    [Fact]
    public void The_first_form_of_an_event_is_still_read()
    {
        const string id = "00000000-0000-4000-8000-00000000000a";
        Read<MemberJoined>($$"""{"MemberId":"{{id}}"}""").ShouldBe(new MemberJoined(new Guid(id)));
        Read<MessagePosted>($$"""{"MessageId":"{{id}}","AuthorId":"{{id}}","Text":"hi"}""")
            .ShouldBe(new MessagePosted(new Guid(id), new Guid(id), "hi"));
    }

    [Fact]
    public void Every_event_of_the_domain_has_an_alias_of_its_own_and_a_sample()
    {
        var events = typeof(Room).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && Families.Any(type.IsSubclassOf)).ToHashSet();
        events.SetEquals(Aliases.Keys).ShouldBeTrue();
        events.SetEquals(Samples.All.Select(sample => sample.GetType())).ShouldBeTrue();
        Aliases.Values.Distinct(StringComparer.Ordinal).Count().ShouldBe(events.Count);
    }

    [Fact]
    public void Text_in_events_is_personal_unless_it_is_listed()
    {
        var open = Aliases.Keys.SelectMany(type => type.GetProperties())
            .Where(property => property.PropertyType == typeof(string))
            .Where(property => property.GetCustomAttribute<PersonalDataAttribute>() is null)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");
        open.Order(StringComparer.Ordinal).ShouldBe(NotPersonal);
    }

    [Fact]
    public void Personal_data_has_exactly_one_subject()
    {
        foreach (var type in Aliases.Keys.Where(type => Marked<PersonalDataAttribute>(type).Any()))
        {
            var subject = Marked<DataSubjectAttribute>(type).ShouldHaveSingleItem();
            type.GetProperty(subject)!.PropertyType.ShouldBe(typeof(Guid));
        }
    }

    // Every state takes every event of its stream: an unknown one is no silent nothing.
    [Fact]
    public void Every_event_is_known_to_its_state_and_has_tags()
    {
        var created = Samples.All.OfType<RoomCreated>().Single();
        var id = created.CreatedBy;
        foreach (var e in Samples.All.OfType<RoomEvent>())
        {
            var known = Room.Evolve(null, created, new Moment(1, People.Noon));
            known = known with
            {
                Members = known.Members.Add(new Guid(Member), new RoomMember(RoomRole.Member, 1)),
            };
            Should.NotThrow(() => Room.Evolve(known, e, new Moment(2, People.Noon)));
            Room.TagsOf(e).ShouldBeUnique();
            Room.TagsOf(e).ShouldAllBe(tag => tag.Length <= TagLengthMax);
        }

        var account = Account.Evolve(null, new GuestEntered(id, "Bob"));
        foreach (var e in Samples.All.OfType<AccountEvent>())
            Should.NotThrow(() => Account.Evolve(account, e));
        var link = InviteLink.Evolve(null, Samples.All.OfType<InviteLinkCreated>().First());
        foreach (var e in Samples.All.OfType<InviteLinkEvent>())
        {
            Should.NotThrow(() => InviteLink.Evolve(link, e));
            Should.NotThrow(() => InviteLink.TagsOf(e));
        }
    }

    private const string Member = "00000000-0000-4000-8000-00000000000a";

    /// <summary>What the event store takes.</summary>
    private const int TagLengthMax = 200;

    private static string Line(object sample)
    {
        var type = sample.GetType();
        var personal = string.Join(", ", Marked<PersonalDataAttribute>(type));
        var marks = personal.Length == 0 ? "" : $" # {personal} of {Marked<DataSubjectAttribute>(type).Single()}";
        return $"{Aliases[type]} {JsonSerializer.Serialize(sample, type)}{marks}\n";
    }

    private static IEnumerable<string> Marked<T>(Type type)
        where T : Attribute =>
        type.GetProperties().Where(property => property.GetCustomAttribute<T>() is not null).Select(one => one.Name);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json)!;
}
