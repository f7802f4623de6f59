namespace Chat.GraphQL;

/// <summary>Specification 3.6, IsValidImplementation.</summary>
internal static class InterfaceChecks
{
    /// <summary>Checks that the type keeps what a field of one of its interfaces promises.</summary>
    public static void Check(FieldsType type, Field promised, SchemaProblems problems)
    {
        if (!type.TryGetField(promised.Name, out var field))
        {
            problems.Add(SchemaProblems.Place(type), $"the type lacks the field {SchemaProblems.Place(promised)}.");
            return;
        }

        var place = SchemaProblems.Place(field);
        if (!Schema.IsSubType(field.Type, promised.Type))
        {
            problems.Add(
                place,
                $"it has the type {field.Type}, but {SchemaProblems.Place(promised)} promises {promised.Type}.");
        }

        if (field.DeprecationReason is not null && promised.DeprecationReason is null)
            problems.Add(place, $"it is deprecated, but {SchemaProblems.Place(promised)} is not.");
        foreach (var argument in promised.Arguments)
        {
            if (field.FindArgument(argument.Name)?.Type != argument.Type)
                problems.Add(place, $"it lacks the argument {SchemaProblems.Place(argument)} of type {argument.Type}.");
        }

        foreach (var argument in field.Arguments.Where(
            argument => argument.IsRequired && promised.FindArgument(argument.Name) is null))
        {
            problems.Add(
                SchemaProblems.Place(argument),
                $"it must not be required, since {SchemaProblems.Place(promised)} does not have it.");
        }
    }
}
