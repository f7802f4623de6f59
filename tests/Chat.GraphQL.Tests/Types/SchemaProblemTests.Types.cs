namespace Chat.GraphQL.Tests.Types;

/// <summary>Mistakes in names, types, interfaces and inputs.</summary>
public sealed partial class SchemaProblemTests
{
    [QueryType]
    public static class SecondField
    {
        public static int Hello() => 1;

        public static int GetHello() => 2;
    }

    public static class SecondProperty
    {
        [ObjectType]
        public sealed record Thing(string Label, [property: GraphQLName("label")] string Name);
    }

    [QueryType]
    public static class SecondArgument
    {
        public static int Sum(int a, [GraphQLName("a")] int b) => a + b;
    }

    [QueryType]
    public static class SecondInputField
    {
        public static int Sum(Input? input) => input?.A ?? 0;

        public sealed record Input(int A, [property: GraphQLName("a")] int B);
    }

    [QueryType]
    public static class SecondEnumName
    {
        public static Twice Value => Twice.A;

        public enum Twice
        {
            A,
            [GraphQLName("A")]
            B,
        }
    }

    [QueryType]
    public static class SecondEnumNumber
    {
        public static Alias Value => Alias.A;

        public enum Alias
        {
            A,
            B = A,
        }
    }

    [QueryType]
    public static class EnumLiteral
    {
        public static Answer Value => Answer.Yes;

        public enum Answer
        {
            [GraphQLName("true")]
            Yes,
            No,
        }
    }

    [QueryType]
    public static class EmptyEnum
    {
        public static Nothing? Value => null;

        public enum Nothing
        {
        }
    }

    public static class SameName
    {
        [ObjectType]
        [GraphQLName("Same")]
        public sealed record One(int Id);

        [ObjectType]
        [GraphQLName("Same")]
        public sealed record Two(int Id);
    }

    public static class ScalarName
    {
        [ObjectType]
        [GraphQLName("Int")]
        public sealed record Whole(bool IsWhole);
    }

    public static class ReservedType
    {
        [ObjectType]
        [GraphQLName("__Thing")]
        public sealed record Hidden(int Id);
    }

    [QueryType]
    public static class ReservedField
    {
        [GraphQLName("__secret")]
        public static int Secret => 1;
    }

    [QueryType]
    public static class WrongArgumentName
    {
        public static int Find([GraphQLName("not-a-name")] int id) => id;
    }

    [QueryType]
    public static class ReservedInputField
    {
        public static int Sum(Input? input) => input?.A ?? 0;

        public sealed record Input([property: GraphQLName("__a")] int A);
    }

    public static class EmptyType
    {
        [ObjectType]
        public sealed record Void;
    }

    [QueryType]
    public static class EmptyInput
    {
        public static int Take(Empty? input) => input is null ? 0 : 1;

        public sealed record Empty;
    }

    public static class EmptyUnion
    {
        [UnionType]
        public interface INobody;
    }

    public static class UnionWithMembers
    {
        [UnionType]
        public interface IBoth
        {
            int Id { get; }
        }

        [ObjectType]
        public sealed record One(int Id) : IBoth;
    }

    public static class MissingField
    {
        [InterfaceType]
        public interface IShape
        {
            double Area { get; }
        }

        [ObjectType]
        public sealed record Circle(int Id, [property: GraphQLIgnore] double Area) : IShape;
    }

    public static class WrongFieldType
    {
        [InterfaceType]
        public interface IShape
        {
            double Area { get; }
        }

        [ObjectType]
        public sealed record Circle(double Area) : IShape;

        [ObjectType<Circle>]
        public static class CircleFields
        {
            public static string Area([Parent] Circle circle) => $"{circle.Area}";
        }
    }

    public static class MissingArgument
    {
        [InterfaceType]
        public interface IShape
        {
            int Id { get; }
        }

        [InterfaceType<IShape>]
        public static class ShapeFields
        {
            public static double Area(string? unit) => unit?.Length ?? 1;
        }

        [ObjectType]
        public sealed record Circle(int Id) : IShape;

        [ObjectType<Circle>]
        public static class CircleFields
        {
            public static double Area() => 2;
        }
    }

    public static class RequiredArgument
    {
        [InterfaceType]
        public interface IShape
        {
            double Area { get; }
        }

        [ObjectType]
        public sealed record Circle(double Area) : IShape;

        [ObjectType<Circle>]
        public static class CircleFields
        {
            public static double Area(string unit) => unit.Length;
        }
    }

    public static class DeprecatedImplementation
    {
        [InterfaceType]
        public interface IShape
        {
            double Area { get; }
        }

        [ObjectType]
        public sealed record Circle([property: GraphQLDeprecated] double Area) : IShape;
    }

    [QueryType]
    public static class DeprecatedRequiredArgument
    {
        public static int Find([GraphQLDeprecated] int id) => id;
    }

    [QueryType]
    public static class DeprecatedRequiredField
    {
        public static int Sum(Input? input) => input?.A ?? 0;

        public sealed record Input([property: GraphQLDeprecated] int A);
    }

    [QueryType]
    public static class WrongDefault
    {
        public static int Find(Kind kind = (Kind)7) => (int)kind;

        public enum Kind
        {
            Small,
        }
    }

    [QueryType]
    public static class WrongFieldDefault
    {
        public static int Sum(Input? input) => input?.A ?? 0;

        public sealed record Input([property: DefaultValue("one")] int A);
    }

    [QueryType]
    public static class OneOfRequired
    {
        public static int Find(By? by) => by?.Id ?? 0;

        [OneOf]
        public sealed record By(int Id, string? Name);
    }

    [QueryType]
    public static class OneOfCycle
    {
        public static int Find(By? by) => by?.Self is null ? 0 : 1;

        [OneOf]
        public sealed class By
        {
            public By? Self { get; init; }
        }
    }

    [QueryType]
    public static class NoConstructor
    {
        public static int Sum(Input? input) => input?.A ?? 0;

        public sealed class Input(int number)
        {
            public int A { get; set; } = number;
        }
    }
}
