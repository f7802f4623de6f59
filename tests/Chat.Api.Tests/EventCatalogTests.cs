using System.Reflection;
using System.Text.Json;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;

namespace Chat.Api.Tests;

/// <summary>
/// The storage format. A test that fails here means: old logs can no longer be read. Add, never change.
/// </summary>
public sealed class EventCatalogTests
{
    private const string IdText = "00000000-0000-4000-8000-00000000000a";
    private static readonly Guid Id = new(IdText);

    private static readonly (object Event, string Alias, string Json)[] Samples =
    [
        (new AccountRegistered(Id, "a@b.c", "Alice", ServerRole.Owner), "account_registered",
            $$"""{"AccountId":"{{IdText}}","Email":"a@b.c","DisplayName":"Alice","Role":0}"""),
        (new GuestEntered(Id, "Bob"), "guest_entered",
            $$"""{"AccountId":"{{IdText}}","DisplayName":"Bob"}"""),
        (new RoomCreated(Id, "Tea", "All", RoomKind.Direct, RoomVisibility.Private, true, Id), "room_created",
            $$"""
            {"RoomId":"{{IdText}}","Name":"Tea","Topic":"All","Kind":1,"Visibility":1,"Encrypted":true,
            "CreatedBy":"{{IdText}}"}
            """.ReplaceLineEndings("")),
        (new MemberJoined(Id), "member_joined", $$"""{"MemberId":"{{IdText}}"}"""),
        (new MemberLeft(Id), "member_left", $$"""{"MemberId":"{{IdText}}"}"""),
        (new RoomArchived(), "room_archived", "{}"),
        (new MessagePosted(Id, Id, "hi"), "message_posted",
            $$"""{"MessageId":"{{IdText}}","AuthorId":"{{IdText}}","Text":"hi"}"""),
    ];

    /// <summary>Text that is no person's own words.</summary>
    private static readonly string[] NotPersonal = ["RoomCreated.Name", "RoomCreated.Topic"];

    [Fact]
    public void Every_event_has_its_alias_and_its_JSON()
    {
        var types = new EventTypes().MapChatEvents();
        foreach (var (e, alias, json) in Samples)
        {
            types.AliasFor(e.GetType()).ShouldBe(alias);
            JsonSerializer.Serialize(e, e.GetType()).ShouldBe(json);
            JsonSerializer.Deserialize(json, e.GetType()).ShouldBe(e);
        }

        var sampled = Samples.Select(sample => sample.Event.GetType());
        EventTypesOfTheDomain().Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)))
            .ShouldBe(sampled.OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Text_in_events_is_personal_unless_it_is_listed()
    {
        var open = EventTypesOfTheDomain().SelectMany(type => type.GetProperties())
            .Where(property => property.PropertyType == typeof(string))
            .Where(property => property.GetCustomAttribute<Domain.PersonalDataAttribute>() is null)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");
        open.Order(StringComparer.Ordinal).ShouldBe(NotPersonal);
    }

    private static IEnumerable<Type> EventTypesOfTheDomain() => typeof(Room).Assembly.GetTypes()
        .Where(type => !type.IsAbstract)
        .Where(type => type.IsSubclassOf(typeof(RoomEvent)) || type.IsSubclassOf(typeof(AccountEvent)));
}
