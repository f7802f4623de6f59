namespace Chat.GraphQL.Tests.Types;

/// <summary>How C# becomes a schema.</summary>
public sealed class SchemaBuilderTests
{
    [Fact]
    public void Names_nullability_defaults_and_descriptions_come_from_the_code() =>
        Print(typeof(Naming), typeof(ThingFields)).ShouldBe(""""
            type Query {
              """Looks one up."""
              thing(
                id: ID!

                """How many."""
                count: Int = 50
                kind: Kind! = BIG_ONE
                tags: [String!]
              ): Thing
              numbers: [[Int!]]!
              later: [Thing!]!
              plain: Float @deprecated(reason: "old")
            }

            type Thing {
              id: UUID!
              label: String
              at: DateTime!
              size: Long!
              isBig: Boolean!
              title: String!
            }

            enum Kind {
              SMALL
              BIG_ONE @deprecated
            }

            scalar UUID @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc9562")

            scalar DateTime @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339")

            scalar Long
            """".ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);

    [Fact]
    public void Interfaces_and_unions_come_from_interfaces() =>
        Print(typeof(Shapes), typeof(Circle), typeof(Square), typeof(ShapeFields)).ShouldBe("""
            type Query {
              shape: Shape!
              round: [Round]!
            }

            interface Shape implements Named {
              area: Float!
              isRound: Boolean!
              name: String!
            }

            union Round = Circle

            type Circle implements Shape & Named {
              name: String!
              area: Float!
              isRound: Boolean!
            }

            type Square implements Shape & Named {
              name: String!
              area: Float!
              isRound: Boolean!
            }

            interface Named {
              name: String!
            }
            """.ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);

    [Fact]
    public void Input_objects_come_from_records_and_classes() =>
        Print(typeof(Inputs)).ShouldBe("""
            type Query {
              store(input: StoreInput!, by: By): Int!
            }

            input StoreInput {
              name: String!
              count: Int! = 3
              note: String
              inner: Inner
              ids: [UUID!]!
              topic: String
            }

            input Inner {
              label: String!
              next: Inner
            }

            input By @oneOf {
              id: ID
              name: String
            }

            scalar UUID @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc9562")
            """.ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);

    [Fact]
    public void All_problems_are_reported_together()
    {
        var exception = Should.Throw<GraphQLSchemaException>(
            () => SchemaBuilder.Build(
                [typeof(Wrong), typeof(WrongSubscription), typeof(Broken), typeof(IEmpty), typeof(IBroken)], null));
        exception.Problems.ShouldBe(
            [
                "Query.anything (Wrong.Anything): the type Object is no output type. Interfaces and abstract classes " +
                "need [InterfaceType] or [UnionType], other values a scalar.",
                "Query.uri(link:) (Wrong.Uri(link)): the type Uri is neither an input type nor a registered service.",
                "Query.orphan (Wrong.Orphan): the parameter Wrong.Orphan(parent) has no parent to receive.",
                "WrongSubscription.Events: its class needs one static method Nowhere, the source stream.",
                "WrongSubscription.Forgotten: it is neither marked [Subscribe] nor the source stream of a method " +
                "that is.",
                "Loop: no finite value can exist, since values need values of themselves: Loop.next (Loop.Next).",
                "Empty (IEmpty): the union has no members.",
                "Subscription (WrongSubscription): the type has no fields.",
                "Broken (Broken, IBroken): 2 types have the name Broken.",
            ],
            ignoreOrder: true,
            customMessage: exception.Message);
    }

    [Fact]
    public void A_schema_needs_queries() =>
        Should.Throw<GraphQLSchemaException>(() => SchemaBuilder.Build([], null))
            .Problems.ShouldBe(["Query: there is no query type: no class is marked [QueryType]."]);

    private static string Print(params Type[] types)
    {
        // Descriptions of the scalars are the library's, not the test's.
        var text = SchemaPrinter.Print(SchemaBuilder.Build(types, null)).TrimEnd();
        return text.Replace("\"\"\"A UUID as 8-4-4-4-12 hexadecimal digits in lower case.\"\"\"\n", "")
            .Replace("\"\"\"A moment as in RFC 3339, such as 2026-11-20T14:10:00.123Z.\"\"\"\n", "")
            .Replace("\"\"\"A 64-bit signed integer, as a JSON number.\"\"\"\n", "");
    }

    public enum Kind
    {
        Small,
        [GraphQLDeprecated]
        BigOne,
    }

    [GraphQLName("Thing")]
    public sealed record ThingView(
        Guid Id, string? Label, DateTimeOffset At, long Size, [property: GraphQLIgnore] string Secret)
    {
        public bool IsBig => Size > 10;
    }

    [ObjectType<ThingView>]
    public static class ThingFields
    {
        public static ValueTask<string> GetTitleAsync([Parent] ThingView thing) => new(thing.Label ?? "");
    }

    [QueryType]
    public static class Naming
    {
        [GraphQLDescription("Looks one up.")]
        public static Task<ThingView?> GetThingAsync(
            [ID] string id, [GraphQLDescription("How many.")] int? count = 50, Kind kind = Kind.BigOne,
            IReadOnlyList<string>? tags = null, CancellationToken ct = default) => Task.FromResult<ThingView?>(null);

        public static IEnumerable<int[]?> Numbers() => [];

        [GraphQLDeprecated("old")]
        public static double? Plain => null;

        public static ValueTask<List<ThingView>> Later() => new([]);
    }

    [InterfaceType]
    public interface INamed
    {
        string Name { get; }
    }

    [InterfaceType]
    public interface IShape : INamed
    {
        double Area { get; }
    }

    [InterfaceType<IShape>]
    public static class ShapeFields
    {
        public static bool IsRound([Parent] IShape shape) => shape is Circle;
    }

    [UnionType]
    public interface IRound;

    [ObjectType]
    public sealed record Circle(string Name, double Area) : IShape, IRound;

    [ObjectType]
    public sealed record Square(string Name, double Area) : IShape;

    [QueryType]
    public static class Shapes
    {
        public static IShape Shape() => new Circle("c", 1);

        public static IReadOnlyList<IRound?> Round() => [];
    }

    public sealed record StoreInput(
        string Name, int Count = 3, string? Note = null, Inner? Inner = null,
        [property: GraphQLName("ids")] params Guid[] Keys)
    {
        public Optional<string> Topic { get; init; }

        public string Computed => Name;
    }

    public sealed class Inner
    {
        public required string Label { get; init; }

        public Inner? Next { get; set; }
    }

    [OneOf]
    public sealed record By([property: ID] Guid? Id, string? Name);

    [QueryType]
    public static class Inputs
    {
        public static int Store(StoreInput input, By? by) => input.Count + (by is null ? 0 : 1);
    }

    [QueryType]
    public static class Wrong
    {
        public static object Anything() => 1;

        public static int Uri(Uri link) => link.Port;

        public static int Orphan([Parent] string parent) => parent.Length;

        public static int Looped(Loop loop) => loop.Next is null ? 0 : 1;
    }

    public sealed record Loop(Loop Next, int Count);

    [SubscriptionType]
    public static class WrongSubscription
    {
        [Subscribe(With = "Nowhere")]
        public static int Events([EventMessage] string e) => e.Length;

        public static int Forgotten() => 1;
    }

    [UnionType]
    public interface IEmpty;

    [InterfaceType]
    public interface IBroken
    {
        int Size { get; }
    }

    [ObjectType]
    public sealed record Broken(int Size) : IBroken;
}
