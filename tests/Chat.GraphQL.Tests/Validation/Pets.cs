using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Validation;

/// <summary>The schema of the examples in specification 5, and shorthands to validate against it.</summary>
internal static class Pets
{
    public static readonly Schema Schema = OracleSchema.Build("""
        type Query {
          dog: Dog
          pet: Pet
          catOrDog: CatOrDog
          arguments: Arguments
          findDog(searchBy: FindDogInput): Dog
          findPet(by: PetBy): Pet
          booleanList(booleanListArg: [Boolean!]): Boolean
        }
        type Mutation { addPet(pet: PetInput!): Pet }
        type Subscription { newMessage: Message  disallowedSecondRootField: Boolean  message(room: ID!): Message }
        type Message { body: String  sender: String }
        enum DogCommand { SIT DOWN HEEL }
        type Dog implements Pet {
          name: String!
          nickname: String
          barkVolume: Int
          doesKnowCommand(dogCommand: DogCommand!): Boolean!
          isHouseTrained(atOtherHomes: Boolean): Boolean!
          owner: Human
        }
        interface Sentient { name: String! }
        interface Pet { name: String! }
        type Alien implements Sentient { name: String!  homePlanet: String }
        type Human implements Sentient { name: String!  pets: [Pet!] }
        enum CatCommand { JUMP }
        type Cat implements Pet {
          name: String!
          nickname: String
          doesKnowCommand(catCommand: CatCommand!): Boolean!
          meowVolume: Int
        }
        union CatOrDog = Cat | Dog
        type Arguments {
          multipleRequirements(x: Int!, y: Int!): Int!
          booleanArgField(booleanArg: Boolean): Boolean
          floatArgField(floatArg: Float): Float
          intArgField(intArg: Int): Int
          nonNullBooleanArgField(nonNullBooleanArg: Boolean!): Boolean!
          booleanListArgField(booleanListArg: [Boolean]!): [Boolean]
          optionalNonNullBooleanArgField(optionalBooleanArg: Boolean! = false): Boolean!
        }
        input FindDogInput { name: String  owner: String  command: DogCommand }
        input PetInput { name: String!  tags: [String!]  inner: PetInput }
        input PetBy @oneOf { id: ID  name: String }
        directive @tag(name: String!) repeatable on FIELD | QUERY
        """);

    /// <summary>The document breaks no rule.</summary>
    public static void Accepts(string document) => Validate(document, new GraphQLOptions()).ShouldBeEmpty();

    /// <summary>The document breaks rules; errors are given as "line:column … message".</summary>
    public static void Rejects(string document, params string[] errors) =>
        Validate(document, new GraphQLOptions()).ShouldBe(errors);

    public static string[] Validate(string document, GraphQLOptions options) =>
        [.. DocumentValidator.Validate(Schema, Parser.Parse(document), options).Select(Describe)];

    public static string Describe(GraphQLError error) =>
        string.Concat((error.Locations ?? []).Select(location => $"{location.Line}:{location.Column} ")) +
        error.Message;
}
