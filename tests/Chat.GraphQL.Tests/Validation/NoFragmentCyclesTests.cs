namespace Chat.GraphQL.Tests.Validation;

public sealed class NoFragmentCyclesTests
{
    [Fact]
    public void Chains_are_fine() => Pets.Accepts(
        "{ dog { ...a ...b } } fragment a on Dog { ...b } fragment b on Dog { name }");

    [Fact]
    public void A_fragment_in_itself_is_not() => Pets.Rejects(
        "{ dog { ...a } } fragment a on Dog { owner { pets { ...a } } }",
        "1:53 Cannot spread fragment \"a\" within itself.");

    [Fact]
    public void Nor_through_others() => Pets.Rejects(
        "{ dog { ...a } } fragment a on Dog { ...b } fragment b on Dog { ...a }",
        "1:38 1:65 Cannot spread fragment \"a\" within itself via \"b\".");
}
