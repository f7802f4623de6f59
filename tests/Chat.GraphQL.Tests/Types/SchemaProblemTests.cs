using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Types;

/// <summary>Each kind of mistake stops the start, and its problem names the C# member.</summary>
public sealed partial class SchemaProblemTests
{
    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_member(string mistake, string problem)
    {
        var nested = typeof(SchemaProblemTests).GetNestedType(mistake)!;
        Type[] marked = [typeof(Fine), .. nested.GetNestedTypes().Prepend(nested).Where(SchemaTypes.IsMarked)];
        var exception = Should.Throw<GraphQLSchemaException>(() => SchemaBuilder.Build(marked, NoServices()));
        string.Join('\n', exception.Problems).ShouldBe(problem);
    }

    [Fact]
    public void Every_mistake_of_this_file_is_looked_at()
    {
        var looked = Mistakes.Select(row => row.Data.Item1);
        typeof(SchemaProblemTests).GetNestedTypes().Select(type => type.Name).Except(looked).ShouldBe([nameof(Fine)]);
    }

    [Fact]
    public void A_type_without_attributes_is_not_left_out_without_a_word() =>
        Should.Throw<GraphQLSchemaException>(() => SchemaBuilder.Build([typeof(Fine), typeof(Version)], null))
            .Problems.ShouldBe(
                ["Version: it has no attribute that gives it a place in the schema, such as [ObjectType]."]);

    public static TheoryData<string, string> Mistakes => new()
    {
        { nameof(InstanceResolver), "InstanceResolver.Hello: it is no field, because it is not static." },
        {
            nameof(GenericResolver),
            "Query.any (GenericResolver.Any): a resolver cannot have type parameters."
        },
        {
            nameof(ByReference),
            "Query.next (ByReference.Next): a resolver cannot have parameters by reference."
        },
        {
            nameof(NestedTask),
            "Query.later (NestedTask.Later): a task of a task or of a stream is no result; return the inner one."
        },
        { nameof(ListOfTasks), "Query.all (ListOfTasks.All): a list of tasks or streams is no result." },
        {
            nameof(TaskInput),
            "Query.wait(task:) (TaskInput.Wait(task)): a task or stream is no input."
        },
        {
            nameof(NotAnID),
            "Query.flag (NotAnID.Flag): the type Boolean cannot be an [ID]."
        },
        {
            nameof(NotAnInputID),
            "Query.find(id:) (NotAnInputID.Find(id)): the type DateTimeOffset cannot be an [ID]."
        },
        {
            nameof(SecondField),
            "Query.hello (SecondField.GetHello): SecondField.Hello is a field of that name too."
        },
        {
            nameof(SecondProperty),
            "Thing.label (Thing.Name): Thing.Label is a field of that name too."
        },
        {
            nameof(SecondArgument),
            "Query.sum (SecondArgument.Sum): SecondArgument.Sum(b) is a second argument named a."
        },
        {
            nameof(SecondInputField),
            "Input.a (Input.B): Input.A is a field of that name too."
        },
        {
            nameof(SecondEnumName),
            "Twice.A (Twice.B): there is another value of that name."
        },
        {
            nameof(SecondEnumNumber),
            "Alias.B: it is the same number as A; leave one of them out with [GraphQLIgnore]."
        },
        { nameof(EnumLiteral), "Answer.true (Answer.Yes): true is not a name for an enum value." },
        { nameof(EmptyEnum), "Nothing: the enum has no values." },
        {
            nameof(SameName),
            "Same (One, Two): 2 types have the name Same."
        },
        { nameof(ScalarName), "Int (Whole): Int is a scalar of the specification." },
        { nameof(ReservedType), "__Thing (Hidden): __Thing is not a name for a type." },
        { nameof(ReservedField), "Query.__secret (ReservedField.Secret): __secret is not a name for a field." },
        {
            nameof(WrongArgumentName),
            "Query.find(not-a-name:) (WrongArgumentName.Find(id)): not-a-name is not a name for an argument."
        },
        {
            nameof(ReservedInputField),
            "Input.__a (Input.A): __a is not a name for an input field."
        },
        { nameof(EmptyType), "Void: the type has no fields." },
        { nameof(EmptyInput), "Empty: the input type has no fields." },
        { nameof(EmptyUnion), "Nobody (INobody): the union has no members." },
        {
            nameof(UnionWithMembers),
            "Both (IBoth): a union is mapped from an interface or class without members."
        },
        {
            nameof(MissingField),
            "Circle: the type lacks the field Shape.area (IShape.Area)."
        },
        {
            nameof(WrongFieldType),
            "Circle.area (CircleFields.Area): it has the type String!, but Shape.area (IShape.Area) promises Float!."
        },
        {
            nameof(MissingArgument),
            "Circle.area (CircleFields.Area): it lacks the argument " +
            "Shape.area(unit:) (ShapeFields.Area(unit)) of type String."
        },
        {
            nameof(RequiredArgument),
            "Circle.area(unit:) (CircleFields.Area(unit)): it must not be required, since " +
            "Shape.area (IShape.Area) does not have it."
        },
        {
            nameof(DeprecatedImplementation),
            "Circle.area (Circle.Area): it is deprecated, but Shape.area (IShape.Area) is not."
        },
        {
            nameof(DeprecatedRequiredArgument),
            "Query.find(id:) (DeprecatedRequiredArgument.Find(id)): what is required cannot be deprecated."
        },
        {
            nameof(DeprecatedRequiredField),
            "Input.a (Input.A): what is required cannot be deprecated."
        },
        {
            nameof(WrongDefault),
            "Query.find(kind:) (WrongDefault.Find(kind)): the default value is not of type \"Kind!\"."
        },
        {
            nameof(WrongFieldDefault),
            "Input.a (Input.A): the default value is not of type \"Int!\"."
        },
        {
            nameof(OneOfRequired),
            "By.id (By.Id): a field of a @oneOf input type must be nullable and have no default."
        },
        {
            nameof(OneOfCycle),
            "By: no finite value can exist, since values need values of themselves: By.self (By.Self)."
        },
        {
            nameof(NoConstructor),
            "Input: an input type needs a constructor whose parameters are its properties."
        },
        {
            nameof(ExtensionOfInterface),
            "Extension: IShape is not mapped to an object type."
        },
        {
            nameof(ExtensionOfEnum),
            "Extension: DayOfWeek is not mapped to an object type."
        },
        {
            nameof(WrongParent),
            "Thing.size (Extension.Size): the parameter Extension.Size(text) must have the type Thing."
        },
        {
            nameof(UnknownService),
            "Query.version (UnknownService.Version): the service Version of UnknownService.Version(service) is not " +
            "registered."
        },
        {
            nameof(UnknownLoader),
            "Query.name (UnknownLoader.Name): the service Names of UnknownLoader.Name(names) is not registered."
        },
        {
            nameof(NoAuthorization),
            "Query.secret (NoAuthorization.Secret): it is marked [Authorize], but the application has no " +
            "authorization: AddAuthorization."
        },
        {
            nameof(AuthorizedSource),
            "Subscription.events (AuthorizedSource.Events): [Authorize] on AuthorizedSource.Source protects nothing; " +
            "put it on AuthorizedSource.Events."
        },
        {
            nameof(AuthorizedUnion),
            "Found (IFound): [Authorize] on a union protects nothing; put it on its members."
        },
        { nameof(AuthorizedInput), "Input: [Authorize] on an input type protects nothing." },
        {
            nameof(SetInput),
            "Query.sum(numbers:) (SetInput.Sum(numbers)): the type HashSet<Int32> is no list of an input; take an " +
            "array or a List."
        },
        {
            nameof(BatchWithoutParents),
            "Query.all (BatchWithoutParents.All): a batch resolver needs a parameter marked [Parent], a list of the " +
            "parents."
        },
        {
            nameof(BatchWithoutList),
            "Thing.size (Extension.Size): a batch resolver returns a list with one result for each parent."
        },
        {
            nameof(BatchOfOneParent),
            "Thing.size (Extension.Size): the parameter Extension.Size(thing) must have the type Thing[]."
        },
        {
            nameof(SourceOfNothing),
            "Subscription.events (SourceOfNothing.Events): SourceOfNothing.Source must return an IAsyncEnumerable, " +
            "or a task of one.\nSubscription (SourceOfNothing): the type has no fields."
        },
        {
            nameof(TwoArgumentTypes),
            "Subscription.events (TwoArgumentTypes.Events): TwoArgumentTypes.Events(id) has the type String!, but " +
            "TwoArgumentTypes.Source(id) has Int!.\nSubscription (TwoArgumentTypes): the type has no fields."
        },
        {
            nameof(ScalarWithoutConstructor),
            "Money: a scalar needs a public constructor without parameters."
        },
        {
            nameof(SecondScalar),
            "Second: the type Version has a scalar already: First."
        },
        { nameof(DirectiveWithoutLocation), "TagAttribute: a directive needs a location." },
        {
            nameof(DirectiveAtWrongPlace),
            "Query.hello (DirectiveAtWrongPlace.Hello): the directive @tag may not stand on FIELD_DEFINITION."
        },
        {
            nameof(DirectiveTwice),
            "Query.hello (DirectiveTwice.Hello): the directive @tag may stand there once only."
        },
        {
            nameof(DirectiveWithoutValue),
            "Query.hello (DirectiveWithoutValue.Hello): the argument @tag(name:) needs a value of type \"String!\"."
        },
        { nameof(DirectiveOfSpecification), "@skip (SkipAttribute): there is another directive of the name skip." },
    };

    private static IServiceProviderIsService NoServices() =>
        new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceProviderIsService>();

    [QueryType]
    public static class Fine
    {
        public static int One => 1;
    }
}
