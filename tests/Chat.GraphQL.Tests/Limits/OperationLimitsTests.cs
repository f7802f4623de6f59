using Chat.GraphQL.Tests.Validation;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>Each limit of the options lets its last value pass and refuses the next, with its own code.</summary>
public sealed class OperationLimitsTests
{
    [Fact]
    public void Depth()
    {
        var options = new GraphQLOptions { MaxDepth = 3 };
        Codes("{ dog { owner { name } } }", options).ShouldBeEmpty();
        Codes("{ dog { owner { pets { name } } } }", options).ShouldBe([ErrorCodes.OperationTooDeep]);
        Codes("{ dog { ...f } } fragment f on Dog { owner { ... { pets { name } } } }", options)
            .ShouldBe([ErrorCodes.OperationTooDeep]);
    }

    [Fact]
    public void Depth_does_not_count_introspection() =>
        Codes(
            "{ __schema { types { fields { type { ofType { ofType { name } } } } } } }",
            new GraphQLOptions { MaxDepth = 2 })
            .ShouldBeEmpty();

    [Fact]
    public void Fields_are_counted_after_fragments()
    {
        var options = new GraphQLOptions { MaxFields = 5 };
        Codes("{ a: dog { ...f } b: dog { name } } fragment f on Dog { name nickname }", options).ShouldBeEmpty();
        Codes("{ a: dog { ...f } b: dog { ...f } } fragment f on Dog { name nickname }", options)
            .ShouldBe([ErrorCodes.OperationTooLarge]);
    }

    [Fact]
    public void Fields_of_introspection_are_counted_too() =>
        Codes("{ __schema { types { name kind description } } }", new GraphQLOptions { MaxFields = 4 })
            .ShouldBe([ErrorCodes.OperationTooLarge]);

    [Fact]
    public void Aliases_of_one_field()
    {
        var options = new GraphQLOptions { MaxAliases = 2 };
        Codes("{ dog { a: name b: name c: nickname name: name @skip(if: true) } }", options)
            .ShouldBe([ErrorCodes.TooManyAliases]);
        Codes("{ dog { a: name b: name c: nickname } }", options).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{ dog { owner { a: name b: name } owner { c: name } } }")]
    [InlineData("{ dog { owner { a: name b: name } ...f } } fragment f on Dog { owner { c: name } }")]
    [InlineData("{ dog { owner { a: name } } dog { owner { b: name } } ... { dog { owner { c: name } } } }")]
    public void Aliases_are_counted_in_all_selection_sets_of_an_object(string document)
    {
        Codes(document, new GraphQLOptions { MaxAliases = 3 }).ShouldBeEmpty();
        Codes(document, new GraphQLOptions { MaxAliases = 2 }).ShouldBe([ErrorCodes.TooManyAliases]);
    }

    [Fact]
    public void Aliases_are_not_counted_across_objects() =>
        Codes("{ x: dog { a: name b: name } y: dog { c: name d: name } }", new GraphQLOptions { MaxAliases = 2 })
            .ShouldBeEmpty();

    [Fact]
    public void Directives_at_one_place()
    {
        var options = new GraphQLOptions { MaxDirectives = 2 };
        Codes("{ dog { name @tag(name: \"a\") @tag(name: \"b\") } }", options).ShouldBeEmpty();
        Codes("{ dog { name @tag(name: \"a\") @tag(name: \"b\") @tag(name: \"c\") } }", options)
            .ShouldBe([ErrorCodes.TooManyDirectives]);
    }

    [Theory]
    [InlineData("{ a { b } }", 6)]
    [InlineData("{ a(b: [1, 2]) # no token }\n }", 11)]
    public void Tokens(string document, int count)
    {
        Parser.Parse(document, maxTokens: count);
        Should.Throw<GraphQLSyntaxException>(() => Parser.Parse(document, maxTokens: count - 1))
            .Error.Code.ShouldBe(ErrorCodes.DocumentTooLarge);
    }

    [Theory]
    [InlineData("{ a { b { c } } }")]
    [InlineData("{ a(b: [[1]]) }")]
    [InlineData("{ a(b: { c: { d: 1 } }) }")]
    [InlineData("{ ... { ... { c } } }")]
    [InlineData("query($a: [[[Int]]]) { a }")]
    public void Nesting(string document)
    {
        Parser.Parse(document, maxNesting: 3);
        Should.Throw<GraphQLSyntaxException>(() => Parser.Parse(document, maxNesting: 2))
            .Error.Code.ShouldBe(ErrorCodes.DocumentTooDeep);
    }

    [Fact]
    public void Comparisons_of_fields()
    {
        // Four selections of one field make six pairs.
        const string document = "{ dog { name name name name } }";
        Codes(document, new GraphQLOptions { MaxValidationSteps = 6 }).ShouldBeEmpty();
        Codes(document, new GraphQLOptions { MaxValidationSteps = 5 }).ShouldBe([ErrorCodes.DocumentTooComplex]);
    }

    [Fact]
    public void Visits_of_fragments()
    {
        var document = string.Concat(Enumerable.Range(0, 10).Select(i => $"query q{i} {{ dog {{ ...f }} }} ")) +
            "fragment f on Dog { ...g } fragment g on Dog { name }";
        Codes(document, new GraphQLOptions { MaxValidationSteps = 100 }).ShouldBeEmpty();
        Codes(document, new GraphQLOptions { MaxValidationSteps = 50 }).ShouldBe([ErrorCodes.DocumentTooComplex]);
    }

    [Fact]
    public void Validation_ends_when_it_has_found_enough()
    {
        var document = "{ dog { " + string.Join(' ', Enumerable.Range(0, 20).Select(i => $"f{i}")) + " } }";
        var errors = Pets.Validate(document, new GraphQLOptions { MaxValidationErrors = 10 });
        errors.Length.ShouldBe(11);
        errors[^1].ShouldBe("Too many validation errors, error limit reached. Validation aborted.");
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Bombs_end_early(string name, string document)
    {
        var errors = DocumentValidator.Validate(Pets.Schema, Parser.Parse(document), new GraphQLOptions());
        errors.ShouldNotBeEmpty(name);
    }

    public static TheoryData<string, string> Bombs => new()
    {
        // Each fragment spreads the next one twice: 2^30 fields when put in.
        { "doubling", "{ dog { ...f0 } } " + string.Join(' ', Enumerable.Range(0, 30).Select(
            i => $"fragment f{i} on Dog {{ a: owner {{ pets {{ ...f{i + 1} }} }} " +
                $"b: owner {{ pets {{ ...f{i + 1} }} }} }}")) +
            " fragment f30 on Dog { name }" },
        { "aliases", "{ dog { " + string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"a{i}: name")) + " } }" },
        { "overlapping", "{ " + string.Join(' ', Enumerable.Repeat("dog { owner { name } }", 2_000)) + " }" },
        { "cycle", "{ dog { ...a } } fragment a on Dog { ...b ...a } fragment b on Dog { ...a ...b }" },
        { "chain", "{ dog { ...f0 } } " + string.Join(' ', Enumerable.Range(0, 1_000).Select(
            i => $"fragment f{i} on Dog {{ ...f{i + 1} }}")) },
        { "directives", "{ dog { name " + string.Join(' ', Enumerable.Repeat("@tag(name: \"x\")", 1_000)) + " } }" },
        { "introspection", "{ __schema { " + string.Join(' ', Enumerable.Range(0, 100).Select(
            i => $"a{i}: types {{ fields {{ args {{ name }} }} }}")) + " } }" },
    };

    private static string[] Codes(string document, GraphQLOptions options) =>
        [.. DocumentValidator.Validate(Pets.Schema, Parser.Parse(document), options).Select(error => error.Code!)];
}
