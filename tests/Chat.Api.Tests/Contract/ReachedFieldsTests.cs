using System.Text.Json;

namespace Chat.Api.Tests.Contract;

/// <summary>What counts as reached, and what does not.</summary>
public sealed class ReachedFieldsTests
{
    private static readonly SchemaDocument Schema = new(
        """
        type Query { pet(id: Int, kind: Kind): Pet pets: [Pet!]! }
        type Mutation { feed(input: FeedInput!): FeedPayload! }
        interface Pet { name: String! friend: Pet }
        type Dog implements Pet { name: String! friend: Pet barks: Boolean! }
        type FeedPayload { pet: Pet errors: [Problem!]! }
        type Problem { code: String! }
        input FeedInput { id: Int! food: [Kind!] }
        enum Kind { DRY WET }
        """);

    [Fact]
    public void A_value_reaches_its_field_arguments_and_enum_values() => Reached(
        "query($kind: Kind) { pet(id: 1, kind: $kind) { __typename name ... on Dog { barks } } }",
        new { kind = "DRY" },
        new { data = new { pet = new { __typename = "Dog", name = "Rex", barks = true } } })
        .ShouldBe(
            ["Query.pet", "Query.pet(id)", "Query.pet(kind)", "Kind.DRY", "Pet.name", "Dog.name", "Dog.barks"],
            ignoreOrder: true);

    [Fact]
    public void Null_and_the_empty_list_reach_nothing()
    {
        Reached("{ pet(id: 1) { name } }", null, new { data = new { pet = (object?)null } }).ShouldBeEmpty();
        Reached("{ pets { name } }", null, new { data = new { pets = Array.Empty<object>() } }).ShouldBeEmpty();
        Reached("{ __schema { types { name } } }", null, new { data = new { __schema = new { types = 1 } } })
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_refused_mutation_reaches_only_its_errors() => Reached(
        "mutation($input: FeedInput!) { feed(input: $input) { pet { name } errors { code } } }",
        new { input = new { id = 1 } },
        new { data = new { feed = new { pet = (object?)null, errors = new[] { new { code = "NO" } } } } })
        .ShouldBe(["FeedPayload.errors", "Problem.code"], ignoreOrder: true);

    [Fact]
    public void A_mutation_reaches_the_input_fields_that_are_given() => Reached(
        "mutation($input: FeedInput!) { feed(input: $input) { pet { name } errors { code } } }",
        new { input = new { id = 1, food = new[] { "WET" } } },
        new { data = new { feed = new { pet = new { name = "Rex" }, errors = Array.Empty<object>() } } })
        .ShouldBe(
            ["Mutation.feed", "Mutation.feed(input)", "FeedInput.id", "FeedInput.food", "Kind.WET", "FeedPayload.pet",
                "Pet.name"],
            ignoreOrder: true);

    [Fact]
    public void What_is_left_out_is_named() => FieldCoverage.MissingAmong(Schema, ["Query.pet", "Pet.name"])
        .ShouldContain("FeedInput.food");

    private static IReadOnlyCollection<string> Reached(string document, object? variables, object response)
    {
        var reached = new ReachedFields(Schema);
        reached.Add(
            document, JsonSerializer.SerializeToElement(variables), JsonSerializer.SerializeToElement(response));
        return reached.Names;
    }
}
