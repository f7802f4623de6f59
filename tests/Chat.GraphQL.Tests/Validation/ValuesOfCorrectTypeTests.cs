namespace Chat.GraphQL.Tests.Validation;

public sealed class ValuesOfCorrectTypeTests
{
    [Fact]
    public void Values_of_the_type_are_fine() => Pets.Accepts(
        "{ arguments { intArgField(intArg: 1) floatArgField(floatArg: 1) } booleanList(booleanListArg: true) " +
            "findDog(searchBy: {name: \"x\", command: SIT}) { name } findPet(by: {id: 4}) { name } }");

    [Fact]
    public void Others_are_not() => Pets.Rejects(
        "{ arguments { intArgField(intArg: \"1\") } dog { doesKnowCommand(dogCommand: SITT) } }",
        "1:35 Int cannot represent non-integer value: \"1\"",
        "1:76 Value \"SITT\" does not exist in \"DogCommand\" enum. Did you mean the enum value \"SIT\"?");

    [Fact]
    public void Null_is_not_where_a_value_must_be() => Pets.Rejects(
        "{ arguments { nonNullBooleanArgField(nonNullBooleanArg: null) } }",
        "1:57 Expected value of non-null type \"Boolean!\" not to be null.");

    [Fact]
    public void Input_objects_are_checked_inside() => Pets.Rejects(
        "mutation { addPet(pet: {nam: \"x\", tags: [1]}) { name } }",
        "1:24 Expected value of type \"PetInput\" to include required field \"name\", found: { nam: \"x\", " +
            "tags: [1] }.",
        "1:42 String cannot represent a non string value: 1",
        "1:25 Expected value of type \"PetInput\" not to include unknown field \"nam\". Did you mean " +
            "\"name\"? Found: { nam: \"x\", tags: [1] }.");

    [Fact]
    public void One_of_wants_exactly_one() => Pets.Rejects(
        "{ findPet(by: {id: 1, name: \"x\"}) { name } }",
        "1:15 Within OneOf Input Object type \"PetBy\", exactly one field must be specified, and the value " +
            "for that field must be non-null.");
}
