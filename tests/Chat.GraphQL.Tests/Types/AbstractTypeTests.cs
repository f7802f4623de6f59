namespace Chat.GraphQL.Tests.Types;

/// <summary>
/// Interfaces and unions from abstract classes, interfaces of interfaces, and properties that hide others.
/// </summary>
public sealed class AbstractTypeTests : IAsyncDisposable
{
    private readonly InProcess server = InProcess.Of(typeof(Queries), typeof(Dog), typeof(Cat), typeof(Puppy));

    [Fact]
    public void Abstract_classes_become_interfaces_and_unions() =>
        SchemaPrinter.Print(server.Executor.Schema).TrimEnd().ShouldBe("""
            type Query {
              pet: Pet
              animals: [Animal!]!
            }

            union Pet = Dog | Cat | Puppy

            interface Animal implements Named {
              name: String!
              legs: Int!
            }

            type Dog implements Animal & Named {
              name: String!
              legs: Int!
              barks: Boolean!
            }

            type Cat implements Animal & Named {
              name: String!
              legs: Int!
            }

            type Puppy implements Animal & Named {
              name: String!
              legs: Int!
              barks: String!
            }

            interface Named {
              name: String!
            }
            """.ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);

    [Fact]
    public async Task Values_are_told_apart_by_their_class() =>
        (await server.TextAsync(
            "{ animals { __typename ... on Named { name } ... on Dog { barks } ... on Puppy { yaps: barks } } }"))
            .ShouldBe(
                "{\"data\":{\"animals\":[{\"__typename\":\"Dog\",\"name\":\"a\",\"barks\":true}," +
                "{\"__typename\":\"Cat\",\"name\":\"b\"}," +
                "{\"__typename\":\"Puppy\",\"name\":\"c\",\"yaps\":\"yap\"}]}}");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [InterfaceType]
    public interface INamed
    {
        string Name { get; }
    }

    [UnionType]
    public abstract class Pet;

    [InterfaceType]
    public abstract class Animal(string name) : Pet, INamed
    {
        public string Name { get; } = name;

        public int Legs => 4;
    }

    [ObjectType]
    public class Dog(string name) : Animal(name)
    {
        public bool Barks => true;
    }

    [ObjectType]
    public sealed class Puppy(string name) : Dog(name)
    {
        public new string Barks => "yap";
    }

    [ObjectType]
    public sealed class Cat(string name) : Animal(name);

    [QueryType]
    public static class Queries
    {
        public static IReadOnlyList<Animal> Animals => [new Dog("a"), new Cat("b"), new Puppy("c")];

        public static Pet? Pet() => null;
    }
}
