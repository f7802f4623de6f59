namespace Chat.GraphQL.Tests.Validation;

public sealed class UniqueFragmentNamesTests
{
    [Fact]
    public void Different_names_are_fine() => Pets.Accepts(
        "{ dog { ...a ...b } } fragment a on Dog { name } fragment b on Dog { name }");

    [Fact]
    public void The_same_name_twice_is_not() => Pets.Rejects(
        "{ dog { ...a } } fragment a on Dog { name } fragment a on Dog { nickname }",
        "1:27 1:54 There can be only one fragment named \"a\".");
}
