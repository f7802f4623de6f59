using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>A schema that can be nested without end, with every kind of input.</summary>
public static class HostileSchema
{
    public static GraphQLBuilder AddHostile(this GraphQLBuilder builder) =>
        builder.AddType(typeof(Queries)).AddType(typeof(Subscriptions)).AddType(typeof(Leaf))
            .AddType(typeof(NodeFields)).AddType(typeof(ShadeScalar));

    [InterfaceType]
    [GraphQLName("Thing")]
    public interface IThing
    {
        string Name { get; }
    }

    public enum Mood
    {
        Happy,
        Sad,
    }

    public sealed record Shade(string Name);

    public sealed class ShadeScalar() : ScalarType<Shade>("Shade")
    {
        protected internal override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out Shade result)
        {
            result = value.ValueKind == JsonValueKind.String ? new Shade(value.GetString()!) : null;
            return result is not null;
        }

        protected internal override void Write(Utf8JsonWriter json, Shade value) => json.WriteStringValue(value.Name);
    }

    public sealed record Filter(
        IReadOnlyList<Filter>? And, Filter? Not, string? Text, int? Number, double? Ratio, long? Size,
        [property: ID] string? Id, Guid? Key, Mood? Mood, IReadOnlyList<Mood>? Moods);

    [ObjectType]
    public sealed record Leaf(string Name, string Colour) : IThing;

    [ObjectType]
    [GraphQLName("Node")]
    public sealed record Node(string Name, int Level) : IThing
    {
        public Node Next => new($"below {Name}", Level + 1);

        public IThing Thing => Level % 2 == 0 ? this : new Leaf(Name, "green");

        public string? Refused => throw new GraphQLException("no", "REFUSED");
    }

    [ObjectType<Node>]
    public static class NodeFields
    {
        public static IReadOnlyList<Node> Nodes([Parent] Node node, int first = 10) => Of(node.Level + 1, first);
    }

    [QueryType]
    public static class Queries
    {
        public static Node Node() => new("top", 0);

        public static IReadOnlyList<Node> Nodes(int first = 10) => Of(1, first);

        public static int Count(
            Filter? filter = null, string? text = null, int? number = null, double? ratio = null, long? size = null,
            [ID] string? id = null, Mood? mood = null, IReadOnlyList<int>? numbers = null,
            IReadOnlyList<Mood>? moods = null, IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>>? cubes = null,
            Shade? shade = null) =>
            text?.Length ?? shade?.Name.Length ?? numbers?.Count ?? moods?.Count ?? cubes?.Count ?? 0;
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static async IAsyncEnumerable<Node> SubscribeToTicks([EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Delay(Timeout.Infinite, ct);
            yield break;
        }

        [Subscribe(With = nameof(SubscribeToTicks))]
        public static Node Ticks([EventMessage] Node node) => node;
    }

    private static Node[] Of(int level, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Node($"{level}.{i}", level))];
}
