namespace Chat.GraphQL;

/// <summary>A field of an object or interface type (specification 3.6).</summary>
internal sealed class Field(string name, GraphQLType type)
{
    /// <summary>How messages name the type of fields that the specification adds to types (specification 4).</summary>
    public const string MetaType = "<meta>";

    public string Name { get; } = name;

    public GraphQLType Type { get; } = type;

    public string? Description { get; init; }

    public string? DeprecationReason { get; init; }

    /// <summary>The C# member that it is made from, as problems of the schema name it.</summary>
    public string? Origin { get; init; }

    /// <summary>Directives of the application that stand on the field.</summary>
    public IReadOnlyList<AppliedDirective> Applied { get; init; } = [];

    /// <summary>Who may ask for the field; empty for everybody.</summary>
    public IReadOnlyList<Authorization> Authorizations { get; set; } = [];

    public IReadOnlyList<Argument> Arguments { get; init; } = [];

    /// <summary>What the field costs by itself: see <see cref="CostAttribute"/>.</summary>
    public double Weight { get; init; } = 1;

    public ListSize ListSize { get; init; } = ListSize.Default;

    public FieldsType? DeclaringType { get; set; }

    /// <summary>How values come about; fields of interfaces have none.</summary>
    public FieldResolver? Resolver { get; set; }

    /// <summary>How events come about; only fields of the subscription root type have one.</summary>
    public SourceStream? SourceStream { get; init; }

    public Argument? FindArgument(string argument)
    {
        foreach (var candidate in Arguments)
        {
            if (candidate.Name == argument)
                return candidate;
        }

        return null;
    }

    public override string ToString() => $"{DeclaringType?.Name ?? MetaType}.{Name}";
}
