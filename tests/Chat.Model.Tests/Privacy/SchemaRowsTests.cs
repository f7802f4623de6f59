namespace Chat.Model.Privacy;

/// <summary>
/// Every field of the served schema that has to do with rooms has its row in the table, and no row is vain.
/// </summary>
public sealed class SchemaRowsTests(OneNode fixture) : IClassFixture<OneNode>
{
    // What is said of accounts and of the server; a room is reached from here only by fields with a row.
    private static readonly string[] Others =
    [
        "User", "Viewer", "Session", "Server", "UserChanged", "SessionPayload", "CommandPayload", "UserPayload",
        "BotPayload", "CommandError", "PageInfo", "Query", "Mutation", "Subscription",
    ];

    private IEnumerable<string> Fields => fixture.Schema.Members.Keys.Where(name =>
        name.Contains('.') && !name.Contains('(') && fixture.Schema.FieldsOf(name[..name.IndexOf('.')]) is not null);

    [Fact]
    public void Each_field_of_the_roots_has_a_row()
    {
        var roots = Fields.Where(name => name.Split('.')[0] is "Query" or "Mutation" or "Subscription").ToList();
        var rows = PrivacyTable.Cells.Keys.Select(key => key.Field).Distinct().Concat(PrivacyTable.NoRoomData).ToList();
        roots.Except(rows).ShouldBeEmpty("who may do this, in a public and in a private room?");
        rows.Except(roots).ShouldBeEmpty("nothing of this name is served");
        foreach (var (field, visibility) in PrivacyTable.Cells.Keys)
            PrivacyTable.Cells[(field, visibility)].Length.ShouldBe(PrivacyTable.Standings.Length, field);
        PrivacyTable.Cells.Keys.GroupBy(key => key.Field).ShouldAllBe(rowsOf => rowsOf.Count() == 2);
    }

    [Fact]
    public void Each_field_of_what_belongs_to_rooms_has_a_level()
    {
        var ofRooms = Fields.Where(name => !Others.Contains(name[..name.IndexOf('.')])).ToList();
        var toRooms = Fields.Where(name => Others.Contains(name[..name.IndexOf('.')]) && IsOfRooms(name))
            .Where(name => name.Split('.')[0] is not ("Query" or "Mutation" or "Subscription"));
        ofRooms.Concat(toRooms).Except(PrivacyTable.Levels.Keys).ShouldBeEmpty("who may see this?");
        PrivacyTable.Levels.Keys.Except(Fields).ShouldBeEmpty("nothing of this name is served");
    }

    private bool IsOfRooms(string field)
    {
        var type = fixture.Schema.Members[field].Trim('[', ']', '!');
        return fixture.Schema.FieldsOf(type) is not null && !Others.Contains(type)
            || fixture.Schema.Members.GetValueOrDefault(type) == "union";
    }
}
