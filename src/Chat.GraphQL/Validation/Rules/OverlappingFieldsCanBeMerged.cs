namespace Chat.GraphQL;

/// <summary>
/// Specification 5.3.2: selections with the same response name can be merged: they mean the same field with the same
/// arguments, or can never apply to the same object, and have the same shape either way.
/// </summary>
internal sealed class OverlappingFieldsCanBeMerged(ValidationContext context) : ValidationRule(context)
{
    private const int MaxDetailLength = 1_000;
    private const int MaxNodes = 20;

    private readonly FieldGroups groups = new(context);
    private readonly HashSet<(FieldGroup, FragmentNode, bool)> comparedFields = [];
    private readonly HashSet<(FragmentNode, FragmentNode, bool)> comparedFragments = [];
    private int comparisons;

    public override void Enter(Node node)
    {
        if (node is not SelectionSetNode { Selections: { Length: > 1 } or [InlineFragmentNode] } selectionSet ||
            Context.Ancestors[^1] is InlineFragmentNode)
        {
            return;
        }

        var conflicts = new List<FieldConflict>();
        var group = groups.Of(Context.Types.ParentType, selectionSet);
        CompareWithin(conflicts, group);
        for (var i = 0; i < group.Fragments.Count; i++)
        {
            CompareWithFragment(conflicts, false, group, group.Fragments[i]);
            for (var j = i + 1; j < group.Fragments.Count; j++)
                CompareFragments(conflicts, false, group.Fragments[i], group.Fragments[j]);
        }

        foreach (var conflict in conflicts)
        {
            Report(
                $"Fields \"{Abbreviate(conflict.ResponseName)}\" conflict because {conflict.Reason()}. " +
                "Use different aliases on the fields to fetch both if this was intentional.",
                conflict.Nodes1.Concat(conflict.Nodes2));
        }
    }

    private void CompareWithin(List<FieldConflict> conflicts, FieldGroup group)
    {
        foreach (var (name, fields) in group.Fields)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                for (var j = i + 1; j < fields.Count; j++)
                    Compare(conflicts, false, name, fields[i], fields[j]);
            }
        }
    }

    private void CompareWithFragment(
        List<FieldConflict> conflicts, bool areExclusive, FieldGroup group, FragmentNode fragment)
    {
        Spend();
        if (group.Fields.Count == 0 || WasCompared(comparedFields, group, fragment, areExclusive))
            return;
        var other = groups.Of(fragment);
        if (group == other)
            return;
        CompareGroups(conflicts, areExclusive, group, other);
        foreach (var inner in other.Fragments)
            CompareWithFragment(conflicts, areExclusive, group, inner);
    }

    private void CompareFragments(
        List<FieldConflict> conflicts, bool areExclusive, FragmentNode one, FragmentNode other)
    {
        Spend();
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (one == other || IsKnown(other, one) || WasCompared(comparedFragments, one, other, areExclusive))
            return;
        var (group1, group2) = (groups.Of(one), groups.Of(other));
        CompareGroups(conflicts, areExclusive, group1, group2);
        foreach (var inner in group2.Fragments)
            CompareFragments(conflicts, areExclusive, one, inner);
        foreach (var inner in group1.Fragments)
            CompareFragments(conflicts, areExclusive, inner, other);

        bool IsKnown(FragmentNode first, FragmentNode second) =>
            comparedFragments.Contains((first, second, false)) ||
            (areExclusive && comparedFragments.Contains((first, second, true)));
    }

    /// <summary>A pair that was compared as overlapping need not be compared as exclusive again.</summary>
    private static bool WasCompared<T>(
        HashSet<(T, FragmentNode, bool)> compared, T one, FragmentNode other, bool areExclusive) =>
        (areExclusive && compared.Contains((one, other, false))) || !compared.Add((one, other, areExclusive));

    private void CompareGroups(List<FieldConflict> conflicts, bool areExclusive, FieldGroup one, FieldGroup other)
    {
        foreach (var (name, fields) in one.Fields)
        {
            Spend();
            if (!other.Fields.TryGetValue(name, out var others))
                continue;
            foreach (var field in fields)
            {
                foreach (var second in others)
                    Compare(conflicts, areExclusive, name, field, second);
            }
        }
    }

    private void Compare(
        List<FieldConflict> conflicts, bool areExclusive, string name, SelectedField one, SelectedField other)
    {
        Spend();
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        var exclusive = areExclusive ||
            (one.ParentType != other.ParentType && one.ParentType is ObjectType && other.ParentType is ObjectType);
        if (!exclusive && ReasonAgainstMerging(one.Node, other.Node) is { } reason)
        {
            conflicts.Add(new FieldConflict(name, reason, [one.Node], [other.Node]));
        }
        else if (one.Definition?.Type is { } type1 && other.Definition?.Type is { } type2 &&
            DoTypesConflict(type1, type2))
        {
            conflicts.Add(new FieldConflict(name, DifferentTypes(type1, type2), [one.Node], [other.Node]));
        }
        else if (one.Node.SelectionSet is { } set1 && other.Node.SelectionSet is { } set2)
        {
            var inner = CompareSelections(
                exclusive, groups.Of(one.Definition?.Type.Named, set1), groups.Of(other.Definition?.Type.Named, set2));
            if (inner.Count > 0)
                conflicts.Add(Summarise(name, one.Node, other.Node, inner));
        }
    }

    private List<FieldConflict> CompareSelections(bool areExclusive, FieldGroup one, FieldGroup other)
    {
        var conflicts = new List<FieldConflict>();
        CompareGroups(conflicts, areExclusive, one, other);
        foreach (var fragment in other.Fragments)
            CompareWithFragment(conflicts, areExclusive, one, fragment);
        foreach (var fragment in one.Fragments)
            CompareWithFragment(conflicts, areExclusive, other, fragment);
        foreach (var first in one.Fragments)
        {
            foreach (var second in other.Fragments)
                CompareFragments(conflicts, areExclusive, first, second);
        }

        return conflicts;
    }

    private Func<string>? ReasonAgainstMerging(FieldNode one, FieldNode other)
    {
        if (one.Name.Value != other.Name.Value)
            return DifferentFields(one.Name.Value, other.Name.Value);
        return groups.HaveSameArguments(one, other) ? null : DifferingArguments;
    }

    // Of thousands of conflicts few are told: their words are found only then.
    private static string DifferingArguments() => "they have differing arguments";

    private static Func<string> DifferentFields(string one, string other) =>
        () => $"\"{Abbreviate(one)}\" and \"{Abbreviate(other)}\" are different fields";

    private static Func<string> DifferentTypes(GraphQLType one, GraphQLType other) =>
        () => $"they return conflicting types \"{one}\" and \"{other}\"";

    /// <summary>Specification 5.3.2, SameResponseShape, as far as it concerns types.</summary>
    private static bool DoTypesConflict(GraphQLType one, GraphQLType other) => (one, other) switch
    {
        _ when one == other => false,
        (ListType list1, ListType list2) => DoTypesConflict(list1.OfType, list2.OfType),
        (ListType, _) or (_, ListType) => true,
        (NonNullType nonNull1, NonNullType nonNull2) => DoTypesConflict(nonNull1.OfType, nonNull2.OfType),
        (NonNullType, _) or (_, NonNullType) => true,
        _ => one is not CompositeType || other is not CompositeType,
    };

    private static FieldConflict Summarise(string name, FieldNode one, FieldNode other, List<FieldConflict> inner) =>
        new(
            name, () => ReasonOf(inner), NodesOf(one, inner.Select(conflict => conflict.Nodes1)),
            NodesOf(other, inner.Select(conflict => conflict.Nodes2)));

    private static string ReasonOf(List<FieldConflict> inner)
    {
        var reason = "";
        foreach (var conflict in inner)
        {
            reason += (reason.Length == 0 ? "" : " and ") +
                $"subfields \"{Abbreviate(conflict.ResponseName)}\" conflict because {conflict.Reason()}";
            if (reason.Length > MaxDetailLength)
                break;
        }

        return Abbreviate(reason);
    }

    private static List<FieldNode> NodesOf(FieldNode first, IEnumerable<List<FieldNode>> inner)
    {
        List<FieldNode> nodes = [first];
        foreach (var more in inner)
        {
            nodes.AddRange(more.TakeLast(MaxNodes - nodes.Count));
            if (nodes.Count == MaxNodes)
                break;
        }

        return nodes;
    }

    private static string Abbreviate(string text) =>
        text.Length > MaxDetailLength ? text[..MaxDetailLength] + "..." : text;

    private void Spend()
    {
        if (++comparisons > Context.Options.MaxValidationSteps)
            throw new ValidationAbortedException("Validation aborted.", ErrorCodes.DocumentTooComplex);
    }

    private sealed record FieldConflict(
        string ResponseName, Func<string> Reason, List<FieldNode> Nodes1, List<FieldNode> Nodes2);
}
