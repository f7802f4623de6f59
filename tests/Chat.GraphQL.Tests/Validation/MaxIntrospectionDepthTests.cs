namespace Chat.GraphQL.Tests.Validation;

public sealed class MaxIntrospectionDepthTests
{
    [Fact]
    public void Two_lists_deep_is_fine() => Pets.Accepts(
        "{ __schema { types { fields { type { fields { name } } } } } }");

    [Fact]
    public void Three_lists_deep_is_not() => Pets.Rejects(
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "1:3 Maximum introspection depth exceeded");

    [Fact]
    public void Nor_through_fragments() => Pets.Rejects(
        "{ __type(name: \"Dog\") { ...a } } fragment a on __Type { fields { type { ...b } } } fragment b on " +
            "__Type { interfaces { possibleTypes { name } } }",
        "1:3 Maximum introspection depth exceeded");
}
