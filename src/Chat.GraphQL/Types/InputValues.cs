namespace Chat.GraphQL;

/// <summary>An argument or input field (specification 3.6.1, 3.10).</summary>
internal abstract class InputValue(string name, GraphQLType type)
{
    /// <summary>Stands for "no value was given, and there is no default".</summary>
    public static readonly object Absent = new();

    private object? defaultValue = Absent;

    public string Name { get; } = name;

    public GraphQLType Type { get; } = type;

    public string? Description { get; init; }

    public string? DeprecationReason { get; init; }

    /// <summary>The C# member that it is made from, as problems of the schema name it.</summary>
    public string? Origin { get; init; }

    /// <summary>Directives of the application that stand on it.</summary>
    public IReadOnlyList<AppliedDirective> Applied { get; init; } = [];

    public ValueNode? DefaultLiteral { get; init; }

    /// <summary>The default, coerced; <see cref="Absent"/> when there is none.</summary>
    public object? Default
    {
        get
        {
            if (DefaultLiteral is null || !ReferenceEquals(defaultValue, Absent))
                return defaultValue;
            // Requests meet here for the first time side by side: nobody may see a value that is only half made.
            if (!LiteralCoercion.TryCoerce(DefaultLiteral, Type, VariableValues.None, out var coerced))
                throw new InvalidOperationException($"The default value of {this} is not of type \"{Type}\".");
            Volatile.Write(ref defaultValue, coerced);
            return coerced;
        }
    }

    /// <summary>Whether a value must be given.</summary>
    public bool IsRequired => Type is NonNullType && DefaultLiteral is null;

    /// <summary>Makes the C# value from the coerced one; null when they are the same.</summary>
    public Func<object?, object?>? ToClr { get; init; }

    public object? Convert(object? coerced)
    {
        if (ToClr is not null)
            return ToClr(coerced);
        return ReferenceEquals(coerced, Absent) ? null : coerced;
    }
}

/// <summary>
/// An argument of a field or directive; <paramref name="coordinate"/> is how messages name its owner.
/// </summary>
internal sealed class Argument(string name, GraphQLType type, string coordinate) : InputValue(name, type)
{
    public override string ToString() => $"{coordinate}({Name}:)";
}

/// <summary>A field of an input object type.</summary>
internal sealed class InputField(string name, GraphQLType type, string declaringType) : InputValue(name, type)
{
    public override string ToString() => $"{declaringType}.{Name}";
}

/// <summary>Specification 3.10.</summary>
internal sealed class InputObjectType(string name) : NamedType(name)
{
    private readonly Dictionary<string, InputField> byName = new(StringComparer.Ordinal);
    private readonly List<InputField> fields = [];

    public IReadOnlyList<InputField> Fields => fields;

    /// <summary>Whether exactly one field must be given.</summary>
    public bool IsOneOf { get; init; }

    /// <summary>
    /// Makes the C# object from the coerced values in the order of the fields; those not given are
    /// <see cref="InputValue.Absent"/>.
    /// </summary>
    public Func<object?[], object?> Create { get; set; } = static values => values;

    public InputField? FindField(string field) => byName.GetValueOrDefault(field);

    public void Add(InputField field)
    {
        fields.Add(field);
        byName.Add(field.Name, field);
    }
}
