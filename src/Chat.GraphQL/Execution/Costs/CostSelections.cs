namespace Chat.GraphQL;

/// <summary>
/// The fields of merged selection sets on one type: those that count for every object, and those that a type condition
/// keeps to objects of one type.
/// </summary>
internal sealed class CostSelections(Schema schema, ExecutableDocument document, CompositeType type)
{
    private readonly Dictionary<(string, Field), Selected> common = [];
    private readonly Dictionary<ObjectType, Dictionary<(string, Field), Selected>> byObject = [];
    private readonly HashSet<(FragmentNode, ObjectType?)> visited = [];

    public IEnumerable<Selected> Common => common.Values;

    public IEnumerable<IEnumerable<Selected>> ByObject => byObject.Values.Select(fields => fields.Values);

    public void Collect(SelectionSetNode set) => Collect(type, null, set);

    private void Collect(CompositeType on, ObjectType? condition, SelectionSetNode set)
    {
        foreach (var selection in set.Selections)
        {
            switch (selection)
            {
                case FieldNode node:
                    Add(on, condition, node);
                    break;
                case InlineFragmentNode inline:
                    Collect(inline.TypeCondition, on, condition, inline.SelectionSet);
                    break;
                case FragmentSpreadNode spread:
                    var fragment = document.Fragments[spread.Name.Value];
                    if (visited.Add((fragment, condition)))
                        Collect(fragment.TypeCondition, on, condition, fragment.SelectionSet);
                    break;
            }
        }
    }

    private void Collect(NamedTypeNode? named, CompositeType on, ObjectType? condition, SelectionSetNode set)
    {
        var narrower = named is null ? on : (CompositeType)schema.FindType(named.Name.Value)!;
        // What is selected on other types than the object has is never executed.
        if ((type as ObjectType ?? condition) is { } known && !narrower.PossibleTypes.Contains(known))
            return;
        if (narrower is ObjectType one && !type.PossibleTypes.Contains(one))
            return;
        // On an object type every condition that can hold does.
        Collect(narrower, type is ObjectType ? null : narrower as ObjectType ?? condition, set);
    }

    private void Add(CompositeType on, ObjectType? condition, FieldNode node)
    {
        var fields = common;
        if (condition is not null && !byObject.TryGetValue(condition, out fields))
            byObject.Add(condition, fields = []);
        var field = FieldOf(on, node.Name.Value);
        if (fields.TryGetValue((node.ResponseName, field), out var known))
            known.Nodes.Add(node);
        else
            fields.Add((node.ResponseName, field), new Selected(field, [node]));
    }

    /// <summary>What an interface says of a field counts only where the object's type is not known.</summary>
    private Field FieldOf(CompositeType on, string name) =>
        (type is ObjectType ? schema.FieldOf(type, name) : null) ?? schema.FieldOf(on, name)!;

    /// <summary>Selections of one field with one response name.</summary>
    public sealed record Selected(Field Field, List<FieldNode> Nodes);
}
