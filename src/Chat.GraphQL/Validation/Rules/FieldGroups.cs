using System.Text;

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
    private readonly Dictionary<ValueNode, int> numbers = [];
    private readonly Dictionary<string, int> numberOfKey = new(StringComparer.Ordinal);

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

    /// <summary>Whether selections of one field give it the same arguments (specification 5.3.2).</summary>
    public bool HaveSameArguments(FieldNode one, FieldNode other)
    {
        if (one.Arguments.Length != other.Arguments.Length)
            return false;
        foreach (var argument in one.Arguments)
        {
            var match = other.Arguments.Length - 1;
            while (match >= 0 && other.Arguments[match].Name.Value != argument.Name.Value)
                match--;
            if (match < 0 || NumberOf(argument.Value) != NumberOf(other.Arguments[match].Value))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Values that are written the same, whatever the order of their fields, have the same number. A value is looked
    /// at once, however often its field is compared.
    /// </summary>
    private int NumberOf(ValueNode value)
    {
        if (!numbers.TryGetValue(value, out var number))
        {
            var key = new StringBuilder();
            Write(value, key);
            numbers.Add(value, number = NumberOf(key.ToString()));
        }

        return number;
    }

    private int NumberOf(string key)
    {
        if (!numberOfKey.TryGetValue(key, out var number))
            numberOfKey.Add(key, number = numberOfKey.Count);
        return number;
    }

    private static void Write(ValueNode value, StringBuilder into)
    {
        switch (value)
        {
            case ObjectValueNode input:
                into.Append('{');
                foreach (var field in input.Fields.OrderBy(field => field.Name.Value, StringComparer.Ordinal))
                {
                    into.Append(field.Name.Value).Append(':');
                    Write(field.Value, into);
                    into.Append(',');
                }

                into.Append('}');
                break;
            case ListValueNode list:
                into.Append('[');
                foreach (var item in list.Values)
                {
                    Write(item, into);
                    into.Append(',');
                }

                into.Append(']');
                break;
            default:
                into.Append(Printer.Print(value));
                break;
        }
    }

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
