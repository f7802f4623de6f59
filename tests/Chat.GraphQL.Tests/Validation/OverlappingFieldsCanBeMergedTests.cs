namespace Chat.GraphQL.Tests.Validation;

public sealed class OverlappingFieldsCanBeMergedTests
{
    [Fact]
    public void The_same_field_twice_is_fine() => Pets.Accepts(
        "{ dog { name name a: doesKnowCommand(dogCommand: SIT) a: doesKnowCommand(dogCommand: SIT) } }");

    [Fact]
    public void Different_fields_of_different_objects_are_fine() => Pets.Accepts(
        "{ pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } } }");

    [Fact]
    public void Different_fields_under_one_name_are_not() => Pets.Rejects(
        "{ dog { name: nickname name } }",
        "1:9 1:24 Fields \"name\" conflict because \"nickname\" and \"name\" are different fields. Use " +
            "different aliases on the fields to fetch both if this was intentional.");

    [Fact]
    public void Different_arguments_are_not() => Pets.Rejects(
        "{ dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: HEEL) } }",
        "1:9 1:42 Fields \"doesKnowCommand\" conflict because they have differing arguments. Use different " +
            "aliases on the fields to fetch both if this was intentional.");

    [Fact]
    public void Different_shapes_are_not() => Pets.Rejects(
        "{ pet { ... on Dog { x: barkVolume } ... on Cat { x: nickname } } }",
        "1:22 1:51 Fields \"x\" conflict because they return conflicting types \"Int\" and \"String\". Use " +
            "different aliases on the fields to fetch both if this was intentional.");

    [Fact]
    public void Conflicts_below_are_found_through_fragments() => Pets.Rejects(
        "{ dog { ...a ...b } } fragment a on Dog { owner { x: name } } fragment b on Dog { owner { x: pets { " +
            "name } } }",
        "1:43 1:51 1:83 1:91 Fields \"owner\" conflict because subfields \"x\" conflict because \"name\" and " +
            "\"pets\" are different fields. Use different aliases on the fields to fetch both if this was " +
            "intentional.");
}
