namespace Chat.GraphQL.Tests.Validation;

public sealed class LoneAnonymousOperationTests
{
    [Fact]
    public void One_without_a_name_is_fine() => Pets.Accepts(
        "{ dog { name } }");

    [Fact]
    public void Not_beside_another() => Pets.Rejects(
        "{ dog { name } } query a { dog { name } }",
        "1:1 This anonymous operation must be the only defined operation.");
}
