namespace Chat.GraphQL;

/// <summary>The rules of a valid schema (specification 3.3 to 3.13, "Type Validation").</summary>
internal static class SchemaChecks
{
    public static void Check(
        IReadOnlyList<NamedType> types, IReadOnlyList<DirectiveType> directives, SchemaProblems problems)
    {
        CheckNames(types, directives, problems);
        foreach (var type in types)
        {
            CheckApplied(SchemaProblems.Place(type), type.Applied, problems);
            switch (type)
            {
                case FieldsType fields:
                    CheckFields(fields, problems);
                    break;
                case UnionType { PossibleTypes.Count: 0 }:
                    problems.Add(SchemaProblems.Place(type), "the union has no members.");
                    break;
                case EnumType @enum:
                    CheckEnum(@enum, problems);
                    break;
                case InputObjectType input:
                    CheckInput(input, problems);
                    break;
            }
        }

        foreach (var argument in directives.SelectMany(directive => directive.Arguments))
            CheckArgument(argument, problems);
        InputCycles.Check([.. types.OfType<InputObjectType>()], problems);
    }

    private static void CheckNames(
        IReadOnlyList<NamedType> types, IReadOnlyList<DirectiveType> directives, SchemaProblems problems)
    {
        foreach (var group in types.GroupBy(type => type.Name, StringComparer.Ordinal))
        {
            var own = group.Where(type => !Scalars.Specified.Contains(type)).ToList();
            var name = group.Key;
            var place = SchemaProblems.Place(name, string.Join(", ", own.Select(type => type.Origin ?? type.Name)));
            if (own.Count > 0 && (!Names.IsValid(name) || Names.IsReserved("", name)))
                problems.Add(place, $"{name} is not a name for a type.");
            if (own.Count > 1)
                problems.Add(place, $"{own.Count} types have the name {name}.");
            else if (own.Count == 1 && Scalars.Specified.Any(scalar => scalar.Name == name))
                problems.Add(place, $"{name} is a scalar of the specification.");
        }

        foreach (var group in directives.GroupBy(directive => directive.Name, StringComparer.Ordinal))
        {
            var name = group.Key;
            var origins = string.Join(", ", group.Select(directive => directive.Origin));
            var place = SchemaProblems.Place("@" + name, origins);
            if (!Names.IsValid(name) || Names.IsReserved("", name))
                problems.Add(place, $"{name} is not a name for a directive.");
            if (group.Count() > 1 || DirectiveType.Specified.Any(specified => specified.Name == name))
                problems.Add(place, $"there is another directive of the name {name}.");
        }
    }

    private static void CheckFields(FieldsType type, SchemaProblems problems)
    {
        if (type.Fields.Count == 0)
            problems.Add(SchemaProblems.Place(type), "the type has no fields.");
        foreach (var field in type.Fields)
        {
            var place = SchemaProblems.Place(field);
            CheckApplied(place, field.Applied, problems);
            if (!Names.IsValid(field.Name) || Names.IsReserved(type.Name, field.Name))
                problems.Add(place, $"{field.Name} is not a name for a field.");
            foreach (var argument in field.Arguments)
                CheckArgument(argument, problems);
        }

        foreach (var @interface in type.Interfaces)
        {
            foreach (var promised in @interface.Fields)
                InterfaceChecks.Check(type, promised, problems);
        }
    }

    private static void CheckArgument(Argument argument, SchemaProblems problems)
    {
        if (!Names.IsValid(argument.Name) || Names.IsReserved("", argument.Name))
            problems.Add(SchemaProblems.Place(argument), $"{argument.Name} is not a name for an argument.");
        CheckInputValue(argument, problems);
    }

    private static void CheckEnum(EnumType type, SchemaProblems problems)
    {
        if (type.Members.Count == 0)
            problems.Add(SchemaProblems.Place(type), "the enum has no values.");
        foreach (var member in type.Members)
            CheckApplied($"{SchemaProblems.Place(type)}.{member.Name}", member.Applied, problems);
    }

    private static void CheckInput(InputObjectType type, SchemaProblems problems)
    {
        if (type.Fields.Count == 0)
            problems.Add(SchemaProblems.Place(type), "the input type has no fields.");
        foreach (var field in type.Fields)
        {
            var place = SchemaProblems.Place(field);
            if (!Names.IsValid(field.Name) || Names.IsReserved(type.Name, field.Name))
                problems.Add(place, $"{field.Name} is not a name for an input field.");
            if (type.IsOneOf && (field.Type is NonNullType || field.DefaultLiteral is not null))
                problems.Add(place, "a field of a @oneOf input type must be nullable and have no default.");
            CheckInputValue(field, problems);
        }
    }

    private static void CheckInputValue(InputValue input, SchemaProblems problems)
    {
        var place = SchemaProblems.Place(input);
        CheckApplied(place, input.Applied, problems);
        if (input is { IsRequired: true, DeprecationReason: not null })
            problems.Add(place, "what is required cannot be deprecated.");
    }

    /// <summary>Specification 5.7 on the schema itself: arguments of directives.</summary>
    private static void CheckApplied(string place, IReadOnlyList<AppliedDirective> applied, SchemaProblems problems)
    {
        foreach (var directive in applied)
        {
            var given = directive.Arguments.ToList();
            foreach (var argument in directive.Type.Arguments)
            {
                var index = given.FindIndex(candidate => candidate.Name == argument.Name);
                if (index < 0 ? argument.IsRequired : given[index].Value is null)
                    problems.Add(place, $"the argument {argument} needs a value of type \"{argument.Type}\".");
            }
        }
    }
}
