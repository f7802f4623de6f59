namespace Chat.GraphQL;

/// <summary>The rules of a valid schema (specification 3.3 to 3.10, "Type Validation").</summary>
internal static class SchemaChecks
{
    public static void Check(IReadOnlyList<NamedType> types, List<string> problems)
    {
        var names = types.CountBy(type => type.Name, StringComparer.Ordinal);
        problems.AddRange(names.Where(name => name.Value > 1)
            .Select(name => $"The name {name.Key} is given to {name.Value} types."));
        foreach (var type in types)
        {
            if (!Names.IsValid(type.Name))
                problems.Add($"{type.Name} is not a name for a type.");
            switch (type)
            {
                case FieldsType fields:
                    CheckFields(fields, problems);
                    break;
                case UnionType { PossibleTypes.Count: 0 }:
                    problems.Add($"The union {type.Name} has no members.");
                    break;
                case EnumType { Members.Count: 0 }:
                    problems.Add($"The enum {type.Name} has no values.");
                    break;
                case InputObjectType input:
                    CheckInput(input, problems);
                    break;
            }
        }
    }

    private static void CheckFields(FieldsType type, List<string> problems)
    {
        if (type.Fields.Count == 0)
            problems.Add($"The type {type.Name} has no fields.");
        foreach (var field in type.Fields)
        {
            if (!Names.IsValid(field.Name) || IsReserved(type.Name, field.Name))
                problems.Add($"{field} is not a name for a field.");
            if (type is ObjectType && field.Resolver is null)
                problems.Add($"The field {field} has no resolver.");
        }

        foreach (var @interface in type.Interfaces)
        {
            foreach (var promised in @interface.Fields)
                CheckImplementation(type, promised, problems);
        }
    }

    /// <summary>Specification 3.6, IsValidImplementation.</summary>
    private static void CheckImplementation(FieldsType type, Field promised, List<string> problems)
    {
        if (!type.TryGetField(promised.Name, out var field))
        {
            problems.Add($"The type {type.Name} lacks the field {promised}.");
            return;
        }

        if (!Schema.IsSubType(field.Type, promised.Type))
            problems.Add($"The field {field} has the type {field.Type}, but {promised} promises {promised.Type}.");
        foreach (var argument in promised.Arguments)
        {
            if (field.FindArgument(argument.Name)?.Type != argument.Type)
                problems.Add($"The field {field} lacks the argument {argument} of type {argument.Type}.");
        }

        foreach (var argument in field.Arguments.Where(
            argument => argument.IsRequired && promised.FindArgument(argument.Name) is null))
        {
            problems.Add($"The argument {argument} must not be required, since {promised} does not have it.");
        }
    }

    private static void CheckInput(InputObjectType type, List<string> problems)
    {
        if (type.Fields.Count == 0)
            problems.Add($"The input type {type.Name} has no fields.");
        foreach (var field in type.Fields)
        {
            if (!Names.IsValid(field.Name) || IsReserved(type.Name, field.Name))
                problems.Add($"{field} is not a name for an input field.");
            if (type.IsOneOf && (field.Type is NonNullType || field.DefaultLiteral is not null))
                problems.Add($"The field {field} of a @oneOf input type must be nullable and have no default.");
        }

        if (RequiresItself(type, type, []))
            problems.Add($"The input type {type.Name} requires itself, so that no value of it can exist.");
    }

    private static bool RequiresItself(InputObjectType start, InputObjectType type, HashSet<InputObjectType> visited) =>
        visited.Add(type) && type.Fields.Any(field =>
            field.Type is NonNullType { OfType: InputObjectType next } &&
            (next == start || RequiresItself(start, next, visited)));

    private static bool IsReserved(string type, string name) =>
        name.StartsWith("__", StringComparison.Ordinal) && !type.StartsWith("__", StringComparison.Ordinal);
}
