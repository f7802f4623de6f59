namespace Chat.GraphQL.Tests.Execution;

/// <summary>Results are laid out in columns: no entry may end up in another's place, whatever else fails.</summary>
public sealed class ColumnTests
{
    [Fact]
    public async Task Objects_keep_their_places_between_nulls() =>
        (await TextAsync("{ gaps { id double } }"))
            .ShouldBe("""{"data":{"gaps":[null,{"id":1,"double":2},null,{"id":3,"double":6}]}}""");

    [Fact]
    public async Task Lists_of_one_column_keep_their_items() =>
        (await TextAsync("{ gaps { ids(count: 2) } all: items { ids(count: 1) children { id } } }"))
            .ShouldBe(
                """{"data":{"gaps":[null,{"ids":[1,1]},null,{"ids":[3,3]}],"all":[""" +
                """{"ids":[1],"children":[]},{"ids":[2],"children":[{"id":20}]},""" +
                """{"ids":[3],"children":[{"id":30},{"id":31}]}]}}""");

    [Fact]
    public async Task A_row_that_throws_costs_that_row_only()
    {
        var text = await TextAsync("{ items { id notTwo } }");
        text.ShouldStartWith("""{"data":{"items":[{"id":1,"notTwo":1},{"id":2,"notTwo":null},{"id":3,"notTwo":3}]},""");
        text.ShouldContain("""
            "path":["items",1,"notTwo"]
            """);
    }

    [Fact]
    public async Task A_list_that_fails_half_way_leaves_nothing_in_the_next()
    {
        var text = await TextAsync("{ items { lazy } }");
        text.ShouldStartWith("""{"data":{"items":[{"lazy":[1,1,1,1,1,1]},{"lazy":null},{"lazy":[3,3,3,3,3,3]}]},""");
        text.ShouldContain("""
            "path":["items",1,"lazy"]
            """);
    }

    [Fact]
    public async Task Tasks_may_end_in_any_order_and_some_may_fail()
    {
        var text = await TextAsync("{ items { late } }");
        text.ShouldStartWith("""{"data":{"items":[{"late":10},{"late":null},{"late":30}]},""");
        text.ShouldContain("""
            "path":["items",1,"late"]
            """);
    }

    [Fact]
    public async Task Values_of_a_struct_are_objects() =>
        (await TextAsync("{ points { x } }")).ShouldBe("""{"data":{"points":[{"x":1},{"x":2}]}}""");

    [Fact]
    public async Task Items_of_a_derived_type_are_objects() =>
        (await TextAsync("{ derived { id } }")).ShouldBe("""{"data":{"derived":[{"id":7},{"id":8}]}}""");

    [Fact]
    public async Task Members_of_several_types_keep_their_places() =>
        (await TextAsync("{ mixed { __typename ... on Item { id } ... on Point { x } } }")).ShouldBe(
            """{"data":{"mixed":[{"__typename":"Item","id":1},{"__typename":"Point","x":2},""" +
            """{"__typename":"Item","id":3}]}}""");

    [Fact]
    public async Task A_selection_without_fields_is_an_empty_object() =>
        (await TextAsync("{ items { id @skip(if: true) } }")).ShouldBe("""{"data":{"items":[{},{},{}]}}""");

    private static async Task<string> TextAsync(string query)
    {
        await using var server = InProcess.With(builder => builder
            .AddType(typeof(Queries)).AddType(typeof(ItemFields)).AddType(typeof(Item)).AddType(typeof(Point)));
        return await server.TextAsync(query);
    }

    [UnionType]
    public interface IEither;

    [ObjectType]
    [GraphQLName("Item")]
    public record Item(int Id) : IEither;

    public sealed record DerivedItem(int Id) : Item(Id);

    [ObjectType]
    [GraphQLName("Point")]
    public readonly record struct Point(int X) : IEither;

    [QueryType]
    public static class Queries
    {
        public static IReadOnlyList<Item?> Gaps() => [null, new Item(1), null, new Item(3)];

        public static IReadOnlyList<Item> Items() => [new Item(1), new Item(2), new Item(3)];

        public static IReadOnlyList<Point> Points() => [new Point(1), new Point(2)];

        public static IReadOnlyList<Item> Derived() => new DerivedItem[] { new(7), new(8) };

        public static IReadOnlyList<IEither> Mixed() => [new Item(1), new Point(2), new Item(3)];
    }

    [ObjectType<Item>]
    public static class ItemFields
    {
        public static int Double([Parent] Item item) => 2 * item.Id;

        public static IReadOnlyList<int> Ids([Parent] Item item, int count) =>
            [.. Enumerable.Repeat(item.Id, count)];

        public static IEnumerable<Item> Children([Parent] Item item) =>
            Enumerable.Range(10 * item.Id, item.Id - 1).Select(id => new Item(id));

        public static int? NotTwo([Parent] Item item) => item.Id == 2 ? throw Refusal() : item.Id;

        public static IEnumerable<int>? Lazy([Parent] Item item)
        {
            for (var i = 0; i < 6; i++)
            {
                if (item.Id == 2 && i == 5)
                    throw Refusal();
                yield return item.Id;
            }
        }

        public static async Task<int?> LateAsync([Parent] Item item, CancellationToken ct)
        {
            // The first row ends last.
            await Task.Delay(TimeSpan.FromMilliseconds(60 / item.Id), ct);
            return item.Id == 2 ? throw Refusal() : 10 * item.Id;
        }

        private static GraphQLException Refusal() => new("No.", "INVALID_INPUT");
    }
}
