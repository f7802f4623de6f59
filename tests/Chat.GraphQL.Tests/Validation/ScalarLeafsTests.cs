namespace Chat.GraphQL.Tests.Validation;

public sealed class ScalarLeafsTests
{
    [Fact]
    public void Leafs_without_and_objects_with_selections_are_fine() => Pets.Accepts(
        "{ dog { barkVolume owner { name } } }");

    [Fact]
    public void A_selection_on_a_leaf_is_not() => Pets.Rejects(
        "{ dog { barkVolume { sinceWhen } } }",
        "1:20 Field \"barkVolume\" must not have a selection since type \"Int\" has no subfields.");

    [Fact]
    public void An_object_without_selection_is_not() => Pets.Rejects(
        "{ dog }",
        "1:3 Field \"dog\" of type \"Dog\" must have a selection of subfields. Did you mean \"dog { ... }\"?");
}
