namespace Chat.EventStore.Tests;

public sealed class EventTypesTests
{
    [Theory]
    [InlineData(typeof(MessagePosted), "message_posted")]
    [InlineData(typeof(RoomOpened), "room_opened")]
    [InlineData(typeof(XMLImported), "xml_imported")]
    public void Aliases_follow_Marten(Type type, string alias) => EventTypes.AliasOf(type).ShouldBe(alias);

    [Fact]
    public void An_alias_or_type_is_mapped_once()
    {
        Should.Throw<ArgumentException>(() => new EventTypes().Map<RoomOpened>().Map<RoomOpened>("other"));
        Should.Throw<ArgumentException>(() => new EventTypes().Map<RoomOpened>("same").Map<MessagePosted>("same"));
    }

    [Fact]
    public void Personal_data_needs_a_subject()
    {
        Should.Throw<ArgumentException>(() => new EventTypes().Map<NobodysName>());
        Should.Throw<ArgumentException>(() => new EventTypes().Map<NumberedPerson>());
    }

    [Fact]
    public void Settings_are_checked()
    {
        var options = new EventStoreOptions { Schema = "Robert'); DROP TABLE" };
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("Schema");
        options = new EventStoreOptions { Schema = "public\n" };
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("Schema");
        options = new EventStoreOptions { ExtensionSchema = new('x', 51) };
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("50");
        options = new EventStoreOptions { MasterKeys = new Dictionary<int, byte[]> { [1] = new byte[16] } };
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("32");
        options = new EventStoreOptions();
        options.Types.Map<ProfileChanged>();
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("MasterKeys");
    }

    private sealed record XMLImported;

    private sealed record NobodysName([PersonalData] string Name);

    private sealed record NumberedPerson([DataSubject] Guid Person, [PersonalData] int Number);

    [Fact]
    public void Personal_data_inside_an_event_is_refused_for_it_would_outlive_its_own_subject()
    {
        Should.Throw<ArgumentException>(() => new EventTypes().Map<Quoted>()).Message.ShouldContain("Quote");
        Should.Throw<ArgumentException>(() => new EventTypes().Map<Quoting>());
        new EventTypes().Map<Quote>().Map<ProfileChanged>();
    }
}
