using System.Text;

namespace Chat.GraphQL;

/// <summary>Specification 5.5.2.2: a fragment does not contain itself.</summary>
internal sealed class NoFragmentCycles(ValidationContext context) : ValidationRule(context)
{
    private readonly HashSet<string> visited = new(StringComparer.Ordinal);
    private readonly List<FragmentSpreadNode> path = [];
    private readonly Dictionary<string, int> pathIndexOf = new(StringComparer.Ordinal);

    public override void Enter(Node node)
    {
        if (node is FragmentNode fragment)
            Detect(fragment);
    }

    private void Detect(FragmentNode fragment)
    {
        var name = fragment.Name.Value;
        if (!visited.Add(name))
            return;
        // The chain of fragments is as deep as the document has fragments.
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        pathIndexOf[name] = path.Count;
        foreach (var spread in Context.SpreadsIn(fragment.SelectionSet))
        {
            path.Add(spread);
            var spreadName = spread.Name.Value;
            if (!pathIndexOf.TryGetValue(spreadName, out var start))
            {
                if (Context.FindFragment(spreadName) is { } inner)
                    Detect(inner);
            }
            else
            {
                var cycle = path[start..];
                Report($"Cannot spread fragment \"{spreadName}\" within itself{Via(cycle)}.", cycle);
            }

            path.RemoveAt(path.Count - 1);
        }

        pathIndexOf.Remove(name);
    }

    /// <summary>The fragments on the way, as many as a message has room for.</summary>
    private string Via(List<FragmentSpreadNode> cycle)
    {
        var via = new StringBuilder();
        for (var i = 0; i < cycle.Count - 1 && via.Length <= Context.Options.MaxMessageChars; i++)
            via.Append(i == 0 ? " via " : ", ").Append('"').Append(Shorten(cycle[i].Name.Value)).Append('"');
        return via.ToString();
    }
}
