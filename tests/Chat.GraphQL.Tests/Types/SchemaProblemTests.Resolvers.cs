namespace Chat.GraphQL.Tests.Types;

/// <summary>Mistakes in resolvers, extensions, scalars and directives.</summary>
public sealed partial class SchemaProblemTests
{
    [QueryType]
    public sealed class InstanceResolver
    {
        public string Hello() => GetType().Name;
    }

    [QueryType]
    public static class GenericResolver
    {
        public static string Any<T>() => typeof(T).Name;
    }

    [QueryType]
    public static class ByReference
    {
        public static int Next(ref int number) => ++number;
    }

    [QueryType]
    public static class NestedTask
    {
        public static Task<IAsyncEnumerable<int>> Later() => throw new NotSupportedException();
    }

    [QueryType]
    public static class ListOfTasks
    {
        public static List<Task<int>> All() => [];
    }

    [QueryType]
    public static class TaskInput
    {
        public static int Wait(Task<int> task) => task.Id;
    }

    [QueryType]
    public static class NotAnID
    {
        [ID]
        public static bool Flag() => true;
    }

    [QueryType]
    public static class NotAnInputID
    {
        public static int Find([ID] DateTimeOffset id) => id.Day;
    }

    public static class ExtensionOfInterface
    {
        [InterfaceType]
        public interface IShape
        {
            int Id { get; }
        }

        [ObjectType<IShape>]
        public static class Extension
        {
            public static int Size() => 1;
        }
    }

    public static class ExtensionOfEnum
    {
        [ObjectType<DayOfWeek>]
        public static class Extension
        {
            public static int Size() => 1;
        }
    }

    public static class WrongParent
    {
        [ObjectType]
        public sealed record Thing(int Id);

        [ObjectType<Thing>]
        public static class Extension
        {
            public static int Size([Parent] string text) => text.Length;
        }
    }

    [QueryType]
    public static class UnknownService
    {
        public static int Version([Service] Version service) => service.Major;
    }

    [QueryType]
    public static class UnknownLoader
    {
        public static Task<string?> Name(Names names) => names.LoadAsync(1, default);

        public sealed class Names : BatchDataLoader<int, string>
        {
            protected override Task<IReadOnlyDictionary<int, string>> LoadBatchAsync(
                IReadOnlyList<int> keys, CancellationToken ct) => throw new NotSupportedException();
        }
    }

    [QueryType]
    public static class NoAuthorization
    {
        [Authorize]
        public static int Secret => 1;
    }

    [QueryType]
    public static class BatchWithoutParents
    {
        [BatchResolver]
        public static IReadOnlyList<int> All() => [];
    }

    public static class BatchWithoutList
    {
        [ObjectType]
        public sealed record Thing(int Id);

        [ObjectType<Thing>]
        public static class Extension
        {
            [BatchResolver]
            public static int Size([Parent] IReadOnlyList<Thing> things) => things.Count;
        }
    }

    public static class BatchOfOneParent
    {
        [ObjectType]
        public sealed record Thing(int Id);

        [ObjectType<Thing>]
        public static class Extension
        {
            [BatchResolver]
            public static IReadOnlyList<int> Size([Parent] Thing thing) => [thing.Id];
        }
    }

    [SubscriptionType]
    public static class SourceOfNothing
    {
        [Subscribe(With = nameof(Source))]
        public static int Events() => 1;

        public static int Source() => 1;
    }

    [SubscriptionType]
    public static class TwoArgumentTypes
    {
        [Subscribe(With = nameof(Source))]
        public static string Events(string id) => id;

        public static IAsyncEnumerable<int> Source(int id) => throw new NotSupportedException($"{id}");
    }

    public static class ScalarWithoutConstructor
    {
        public sealed class Money(string name) : VersionScalar(name);
    }

    public static class SecondScalar
    {
        public sealed class First() : VersionScalar("First");

        public sealed class Second() : VersionScalar("Second");
    }

    public static class DirectiveWithoutLocation
    {
        [DirectiveType]
        [AttributeUsage(AttributeTargets.All)]
        public sealed class TagAttribute : Attribute;
    }

    [QueryType]
    public static class DirectiveAtWrongPlace
    {
        [Tag]
        public static int Hello => 1;

        [DirectiveType(DirectiveLocation.Object)]
        [AttributeUsage(AttributeTargets.All)]
        public sealed class TagAttribute : Attribute;
    }

    [QueryType]
    public static class DirectiveTwice
    {
        [Tag]
        [Tag]
        public static int Hello => 1;

        [DirectiveType(DirectiveLocation.FieldDefinition)]
        [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
        public sealed class TagAttribute : Attribute;
    }

    [QueryType]
    public static class DirectiveWithoutValue
    {
        [Tag(null!)]
        public static int Hello => 1;

        [DirectiveType(DirectiveLocation.FieldDefinition)]
        [AttributeUsage(AttributeTargets.All)]
        public sealed class TagAttribute(string name) : Attribute
        {
            public string Name => name;
        }
    }

    public static class DirectiveOfSpecification
    {
        [DirectiveType(DirectiveLocation.Field)]
        [AttributeUsage(AttributeTargets.All)]
        public sealed class SkipAttribute : Attribute;
    }

    [SubscriptionType]
    public static class AuthorizedSource
    {
        [Authorize]
        public static IAsyncEnumerable<string> Source() => AsyncEnumerable.Empty<string>();

        [Subscribe(With = nameof(Source))]
        public static string Events([EventMessage] string text) => text;
    }

    public static class AuthorizedUnion
    {
        [UnionType]
        [Authorize]
        public interface IFound;

        [ObjectType]
        public sealed record Thing(int Id) : IFound;
    }

    [QueryType]
    public static class AuthorizedInput
    {
        public static int Sum(Input? input) => input?.A ?? 0;

        [Authorize]
        public sealed record Input(int A);
    }

    [QueryType]
    public static class SetInput
    {
        public static int Sum(HashSet<int> numbers) => numbers.Sum();
    }
}
