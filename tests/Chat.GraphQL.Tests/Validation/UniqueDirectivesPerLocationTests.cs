namespace Chat.GraphQL.Tests.Validation;

public sealed class UniqueDirectivesPerLocationTests
{
    [Fact]
    public void Repeatable_ones_are_fine() => Pets.Accepts(
        "{ dog { name @tag(name: \"a\") @tag(name: \"b\") } }");

    [Fact]
    public void Others_are_not() => Pets.Rejects(
        "{ dog { name @skip(if: true) @skip(if: false) } }",
        "1:14 1:30 The directive \"@skip\" can only be used once at this location.");
}
