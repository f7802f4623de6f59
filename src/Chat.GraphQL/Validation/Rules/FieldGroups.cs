namespace Chat.GraphQL;

/// <summary>A selected field with the type it is selected on and its definition, as far as they are known.</summary>
internal sealed record SelectedField(NamedType? ParentType, FieldNode Node, Field? Definition);

/// <summary>
/// The fields of a selection set by response name, those of inline fragments included, and its fragments.
/// </summary>
internal sealed class FieldGroup
{
    public OrderedDictionary<string, List<SelectedField>> Fields { get; } = new(StringComparer.Ordinal);

    public List<FragmentNode> Fragments { get; } = [];
}

/// <summary>Groups the fields of selection sets; each set is looked at once per type.</summary>
internal sealed class FieldGroups(ValidationContext context)
{
    private readonly Dictionary<(NamedType?, SelectionSetNode), FieldGroup> known = [];

    public FieldGroup Of(FragmentNode fragment) =>
        Of(context.Schema.FindType(fragment.TypeCondition.Name.Value), fragment.SelectionSet);

    public FieldGroup Of(NamedType? type, SelectionSetNode selectionSet)
    {
        if (!known.TryGetValue((type, selectionSet), out var group))
        {
            group = new FieldGroup();
            Collect(type, selectionSet, group);
            known.Add((type, selectionSet), group);
        }

        return group;
    }

    public static bool HaveSameArguments(FieldNode one, FieldNode other) =>
        one.Arguments.Length == other.Arguments.Length &&
        one.Arguments.All(argument =>
            Array.FindLast(other.Arguments, candidate => candidate.Name.Value == argument.Name.Value) is { } match &&
            Key(argument.Value) == Key(match.Value));

    /// <summary>Values are the same when they are written the same, whatever the order of their fields.</summary>
    private static string Key(ValueNode value) => value switch
    {
        ObjectValueNode input => "{" + string.Join(",", input.Fields
            .OrderBy(field => field.Name.Value, StringComparer.Ordinal)
            .Select(field => $"{field.Name.Value}:{Key(field.Value)}")) + "}",
        ListValueNode list => "[" + string.Join(",", list.Values.Select(Key)) + "]",
        _ => Printer.Print(value),
    };

    private void Collect(NamedType? type, SelectionSetNode selectionSet, FieldGroup group)
    {
        foreach (var selection in selectionSet.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    Field? definition = null;
                    (type as FieldsType)?.TryGetField(field.Name.Value, out definition);
                    if (!group.Fields.TryGetValue(field.ResponseName, out var fields))
                        group.Fields.Add(field.ResponseName, fields = []);
                    fields.Add(new SelectedField(type, field, definition));
                    break;
                case FragmentSpreadNode spread:
                    if (context.FindFragment(spread.Name.Value) is { } fragment && !group.Fragments.Contains(fragment))
                        group.Fragments.Add(fragment);
                    break;
                case InlineFragmentNode inline:
                    var inner = inline.TypeCondition is null
                        ? type
                        : context.Schema.FindType(inline.TypeCondition.Name.Value);
                    Collect(inner, inline.SelectionSet, group);
                    break;
            }
        }
    }
}
