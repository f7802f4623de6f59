namespace Chat.GraphQL.Tests.Validation;

public sealed class NoUnusedFragmentsTests
{
    [Fact]
    public void Fragments_used_through_others_are_fine() => Pets.Accepts(
        "{ dog { ...a } } fragment a on Dog { ...b } fragment b on Dog { name }");

    [Fact]
    public void Unused_ones_are_not() => Pets.Rejects(
        "{ dog { name } } fragment a on Dog { name }",
        "1:18 Fragment \"a\" is never used.");
}
