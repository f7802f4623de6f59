using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// What the response to an event of a subscription is made from besides the event: which variables, and whether the
/// viewer. Found once for a plan, and rather too much than too little.
/// </summary>
internal sealed class EventDependencies
{
    private readonly Schema schema;
    private readonly ExecutableDocument document;
    private readonly HashSet<string> fragments = new(StringComparer.Ordinal);
    private readonly SortedSet<string> variables = new(StringComparer.Ordinal);

    public EventDependencies(Schema schema, OperationPlan plan)
    {
        this.schema = schema;
        document = plan.Document;
        var root = plan.Root.Fields[0];
        var resolver = root.Field.Resolver!;
        var arguments = root.Field.Arguments.Select(argument => argument.Name).ToList();
        Viewer = resolver.Viewer;
        foreach (var node in root.Nodes)
        {
            // An argument that only the source stream reads, such as a position, chooses events and does not form them.
            foreach (var argument in node.Arguments)
            {
                if (resolver.UsesArgument(arguments.IndexOf(argument.Name.Value)))
                    AddVariables(argument);
            }

            if (node.SelectionSet is { } selections)
                Visit((CompositeType)root.Field.Type.Named, selections);
        }
    }

    /// <summary>How the response depends on the viewer: as the worst of its fields does.</summary>
    public ViewerUse Viewer { get; private set; }

    /// <summary>The values of the variables that the response depends on, as text.</summary>
    public string KeyOf(JsonElement values)
    {
        if (variables.Count == 0 || values.ValueKind != JsonValueKind.Object)
            return "";
        var key = new StringBuilder();
        foreach (var name in variables)
        {
            // The lengths keep values apart; a variable that is not given has another length than all that are.
            var text = values.TryGetProperty(name, out var value) ? value.GetRawText() : null;
            key.Append(CultureInfo.InvariantCulture, $"{text?.Length ?? -1}:{text};");
        }

        return key.ToString();
    }

    private void Visit(CompositeType type, SelectionSetNode selections)
    {
        foreach (var selection in selections.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    Visit(type, field);
                    break;
                case InlineFragmentNode inline:
                    Visit(TypeOf(inline.TypeCondition) ?? type, inline.SelectionSet);
                    break;
                case FragmentSpreadNode spread when fragments.Add(spread.Name.Value):
                    var fragment = document.Fragments[spread.Name.Value];
                    Visit(TypeOf(fragment.TypeCondition) ?? type, fragment.SelectionSet);
                    break;
            }
        }
    }

    private void Visit(CompositeType type, FieldNode node)
    {
        foreach (var argument in node.Arguments)
            AddVariables(argument);
        foreach (var possible in type.PossibleTypes)
        {
            var use = schema.FieldOf(possible, node.Name.Value)?.Resolver?.Viewer ?? ViewerUse.None;
            if (use > Viewer)
                Viewer = use;
        }

        if (node.SelectionSet is { } selections && schema.FieldOf(type, node.Name.Value) is { } field)
            Visit((CompositeType)field.Type.Named, selections);
    }

    private CompositeType? TypeOf(NamedTypeNode? condition) =>
        condition is null ? null : schema.FindType(condition.Name.Value) as CompositeType;

    private void AddVariables(Node node)
    {
        if (node is VariableNode variable)
            variables.Add(variable.Name.Value);
        foreach (var child in node.Children)
            AddVariables(child);
    }
}
