namespace Chat.GraphQL.Tests.Validation;

public sealed class SingleFieldSubscriptionsTests
{
    [Fact]
    public void One_field_is_fine() => Pets.Accepts(
        "subscription s { newMessage { body sender } }");

    [Fact]
    public void One_field_of_a_fragment_is_fine() => Pets.Accepts(
        "subscription s { ...f } fragment f on Subscription { newMessage { body } }");

    [Fact]
    public void Two_fields_are_not() => Pets.Rejects(
        "subscription s { newMessage { body } disallowedSecondRootField }",
        "1:38 Subscription \"s\" must select only one top level field.");

    [Fact]
    public void Two_fields_through_a_fragment_are_not() => Pets.Rejects(
        "subscription { ...f } fragment f on Subscription { newMessage { body } disallowedSecondRootField }",
        "1:72 Anonymous Subscription must select only one top level field.");

    [Fact]
    public void Introspection_is_not() => Pets.Rejects(
        "subscription s { __typename }",
        "1:18 Subscription \"s\" must not select an introspection top level field.");

    [Fact]
    public void Conditions_are_not() => Pets.Rejects(
        "subscription s($b: Boolean!) { newMessage @skip(if: $b) { body } }",
        "1:43 Subscription \"s\" must not use `@skip` or `@include` directives in the top level selection.");
}
