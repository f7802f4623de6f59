namespace Chat.GraphQL;

/// <summary>What the rules share: the schema, the types at the place of the walk, and the fragments.</summary>
internal sealed class ValidationContext
{
    /// <summary>Locations of one error; an error about more nodes names the first.</summary>
    public const int MaxLocations = 100;

    private readonly Dictionary<SelectionSetNode, IReadOnlyList<FragmentSpreadNode>> spreads = [];
    private readonly Dictionary<OperationNode, IReadOnlyList<FragmentNode>> fragmentsOf = [];
    private readonly Dictionary<Node, IReadOnlyList<VariableUsage>> usages = [];
    private readonly Dictionary<OperationNode, IReadOnlyList<VariableUsage>> usagesIn = [];
    private readonly Dictionary<string, FragmentNode> fragments = new(StringComparer.Ordinal);
    private int steps;

    public ValidationContext(Schema schema, DocumentNode document, GraphQLOptions options)
    {
        Schema = schema;
        Document = document;
        Options = options;
        Types = new TypeTracker(schema);
        // Of two fragments of one name the later one counts; a rule reports them.
        foreach (var fragment in document.Definitions.OfType<FragmentNode>())
            fragments[fragment.Name.Value] = fragment;
    }

    public Schema Schema { get; }

    public DocumentNode Document { get; }

    public GraphQLOptions Options { get; }

    public TypeTracker Types { get; }

    /// <summary>The nodes above the one that is visited, the document first.</summary>
    public List<Node> Ancestors { get; } = [];

    public List<GraphQLError> Errors { get; } = [];

    public void Report(string message, IEnumerable<Node> nodes, string code = ErrorCodes.ValidationFailed)
    {
        if (Errors.Count >= Options.MaxValidationErrors)
        {
            throw new ValidationAbortedException(
                "Too many validation errors, error limit reached. Validation aborted.", ErrorCodes.TooManyErrors);
        }

        Errors.Add(new GraphQLError(GraphQLError.Shorten(message, Options.MaxMessageChars))
        {
            Locations = [.. nodes.Take(MaxLocations).Select(Document.LocationOf)],
            Code = code,
        });
    }

    /// <summary>Counts work that fragments can multiply.</summary>
    public void Spend(int cost)
    {
        steps += cost;
        if (steps > Options.MaxValidationSteps)
            throw new ValidationAbortedException("Validation aborted.", ErrorCodes.DocumentTooComplex);
    }

    public FragmentNode? FindFragment(string name) => fragments.GetValueOrDefault(name);

    /// <summary>" Did you mean …?" for a name, unless suggestions are switched off.</summary>
    public string DidYouMean(string name, IEnumerable<string> options) =>
        Options.FieldSuggestions ? Suggestions.DidYouMean(Suggestions.For(name, options)) : "";

    /// <summary>The fragment spreads of a selection set and of those inside it.</summary>
    public IReadOnlyList<FragmentSpreadNode> SpreadsIn(SelectionSetNode selectionSet)
    {
        if (spreads.TryGetValue(selectionSet, out var known))
            return known;
        var found = new List<FragmentSpreadNode>();
        var sets = new Stack<SelectionSetNode>([selectionSet]);
        while (sets.TryPop(out var set))
        {
            foreach (var selection in set.Selections)
            {
                switch (selection)
                {
                    case FragmentSpreadNode spread:
                        found.Add(spread);
                        break;
                    case FieldNode { SelectionSet: { } inner }:
                        sets.Push(inner);
                        break;
                    case InlineFragmentNode inline:
                        sets.Push(inline.SelectionSet);
                        break;
                }
            }
        }

        spreads.Add(selectionSet, found);
        return found;
    }

    /// <summary>The fragments that an operation uses, directly or through others.</summary>
    public IReadOnlyList<FragmentNode> FragmentsOf(OperationNode operation)
    {
        if (!fragmentsOf.TryGetValue(operation, out var found))
            fragmentsOf.Add(operation, found = FragmentsOf([operation]));
        return found;
    }

    public IReadOnlyList<FragmentNode> FragmentsOf(IEnumerable<OperationNode> operations)
    {
        var found = new List<FragmentNode>();
        var known = new HashSet<FragmentNode>();
        foreach (var operation in operations)
            Add(operation.SelectionSet);
        for (var i = 0; i < found.Count; i++)
            Add(found[i].SelectionSet);
        return found;

        void Add(SelectionSetNode selectionSet)
        {
            var inside = SpreadsIn(selectionSet);
            Spend(inside.Count);
            foreach (var spread in inside)
            {
                if (FindFragment(spread.Name.Value) is { } fragment && known.Add(fragment))
                    found.Add(fragment);
            }
        }
    }

    /// <summary>Where an operation uses variables, in itself and in its fragments.</summary>
    public IReadOnlyList<VariableUsage> UsagesIn(OperationNode operation)
    {
        if (usagesIn.TryGetValue(operation, out var known))
            return known;
        var all = new List<VariableUsage>(UsagesBelow(operation));
        foreach (var fragment in FragmentsOf(operation))
        {
            var inFragment = UsagesBelow(fragment);
            Spend(inFragment.Count);
            all.AddRange(inFragment);
        }

        usagesIn.Add(operation, all);
        return all;
    }

    private IReadOnlyList<VariableUsage> UsagesBelow(DefinitionNode definition)
    {
        if (!usages.TryGetValue(definition, out var found))
        {
            var collector = new VariableUsageCollector(Schema);
            collector.Visit(definition);
            usages.Add(definition, found = collector.Usages);
        }

        return found;
    }
}

/// <summary>Validation would take too much work, or has found too much.</summary>
internal sealed class ValidationAbortedException(string message, string code) : Exception(message)
{
    public string Code { get; } = code;
}
