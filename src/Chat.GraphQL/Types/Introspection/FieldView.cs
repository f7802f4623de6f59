namespace Chat.GraphQL;

[GraphQLName("__Field")]
[GraphQLDescription(
    "Object and Interface types are described by a list of Fields, each of which has a name, potentially a list of " +
    "arguments, and a return type.")]
internal sealed class FieldView(Field field)
{
    [GraphQLIgnore]
    public Field Field { get; } = field;

}

/// <summary>The fields of <c>__Field</c>, in the order of the specification.</summary>
[ObjectType<FieldView>]
internal static class FieldFields
{
    public static string Name([Parent] FieldView view) => view.Field.Name;

    public static string? Description([Parent] FieldView view) => view.Field.Description;

    public static IEnumerable<InputValueView> Args([Parent] FieldView view, bool includeDeprecated = false) =>
        InputValueView.Of(view.Field.Arguments, includeDeprecated);

    public static TypeView Type([Parent] FieldView view) => new(view.Field.Type);

    public static bool IsDeprecated([Parent] FieldView view) => view.Field.DeprecationReason is not null;

    public static string? DeprecationReason([Parent] FieldView view) => view.Field.DeprecationReason;
}

[GraphQLName("__InputValue")]
[GraphQLDescription(
    "Arguments provided to Fields or Directives and the input fields of an InputObject are represented as Input " +
    "Values which describe their type and optionally a default value.")]
internal sealed class InputValueView(InputValue input)
{
    public static IEnumerable<InputValueView> Of(IEnumerable<InputValue> inputs, bool includeDeprecated) =>
        inputs.Where(input => includeDeprecated || input.DeprecationReason is null)
            .Select(input => new InputValueView(input));

    public string Name => input.Name;

    public string? Description => input.Description;

    public TypeView Type => new(input.Type);

    [GraphQLDescription("A GraphQL-formatted string representing the default value for this input value.")]
    public string? DefaultValue => input.DefaultLiteral is null ? null : Printer.Print(input.DefaultLiteral);

    public bool IsDeprecated => input.DeprecationReason is not null;

    public string? DeprecationReason => input.DeprecationReason;
}

[GraphQLName("__EnumValue")]
[GraphQLDescription(
    "One possible value for a given Enum. Enum values are unique values, not a placeholder for a string or numeric " +
    "value. However an Enum value is returned in a JSON response as a string.")]
internal sealed class EnumValueView(EnumMember member)
{
    public string Name => member.Name;

    public string? Description => member.Description;

    public bool IsDeprecated => member.DeprecationReason is not null;

    public string? DeprecationReason => member.DeprecationReason;
}
