namespace Chat.GraphQL;

/// <summary>
/// How long the lists of introspection are (specification 4). Below <c>types</c> each element of the schema is met
/// once, so the averages add up to the truth; anywhere else the longest list may be meant.
/// </summary>
internal sealed class IntrospectionSizes
{
    /// <summary>
    /// What a field of introspection costs: it reads what lies in memory, and the standard query is long on any schema.
    /// </summary>
    public const double Weight = 0.1;

    private readonly Dictionary<string, (double Average, double Longest)> sizes = new(StringComparer.Ordinal);
    private readonly double types;
    private readonly double directives;

    public IntrospectionSizes(Schema schema)
    {
        types = schema.Types.Count;
        directives = schema.Directives.Count;
        var fields = schema.Types.OfType<FieldsType>().SelectMany(type => type.Fields).ToList();
        Add("fields", schema.Types, type => (type as FieldsType)?.Fields.Count ?? 0);
        Add("interfaces", schema.Types, type => (type as FieldsType)?.Interfaces.Count ?? 0);
        Add("possibleTypes", schema.Types, type => (type as CompositeType)?.PossibleTypes.Count ?? 0);
        Add("enumValues", schema.Types, type => (type as EnumType)?.Members.Count ?? 0);
        Add("inputFields", schema.Types, type => (type as InputObjectType)?.Fields.Count ?? 0);
        Add("args", fields, field => field.Arguments.Count);
    }

    /// <summary>The elements that a list of introspection is asked of.</summary>
    public enum Owner
    {
        One,
        EveryType,
        EveryField,
    }

    public static bool IsIntrospection(Field field) =>
        Introspection.IsMetaField(field.Name) ||
        field.DeclaringType?.Name.StartsWith("__", StringComparison.Ordinal) == true;

    public double Of(string field, Owner owner) => field switch
    {
        "types" => types,
        "directives" => directives,
        _ => !sizes.TryGetValue(field, out var size) ? 1
            : owner == OwnerOf(field) ? size.Average
            : size.Longest,
    };

    /// <summary>Whose lists are asked for below a field.</summary>
    public static Owner Below(string field, Owner owner) => (field, owner) switch
    {
        ("types", _) => Owner.EveryType,
        ("fields", Owner.EveryType) => Owner.EveryField,
        _ => Owner.One,
    };

    private static Owner OwnerOf(string field) => field == "args" ? Owner.EveryField : Owner.EveryType;

    private void Add<T>(string field, IReadOnlyCollection<T> owners, Func<T, int> count) =>
        sizes.Add(field, (owners.Average(count), owners.Max(count)));
}
