using System.Diagnostics.CodeAnalysis;

namespace Chat.GraphQL;

/// <summary>
/// A type of the schema (specification 3.4). Of a type there is one wrapping type at a time, so types are equal when
/// they are the same object. A wrapping type that only a request asked for goes with the request.
/// </summary>
internal abstract class GraphQLType
{
    private readonly Lock gate = new();
    private WeakReference<ListType>? list;
    private WeakReference<NonNullType>? nonNull;

    /// <summary>The list type of this type.</summary>
    public ListType List => Wrap(ref list, static type => new ListType(type));

    /// <summary>The non-null type of this type.</summary>
    public NonNullType NonNull => Wrap(ref nonNull, static type => new NonNullType(type));

    /// <summary>The type without its non-null wrapper.</summary>
    public GraphQLType Nullable => this is NonNullType wrapper ? wrapper.OfType : this;

    /// <summary>The type without all of its wrappers.</summary>
    public NamedType Named
    {
        get
        {
            var type = this;
            while (true)
            {
                switch (type)
                {
                    case ListType wrapper:
                        type = wrapper.OfType;
                        break;
                    case NonNullType wrapper:
                        type = wrapper.OfType;
                        break;
                    default:
                        return (NamedType)type;
                }
            }
        }
    }

    /// <summary>Specification 3.4.2: IsInputType.</summary>
    public bool IsInput => Named is ScalarType or EnumType or InputObjectType;

    /// <summary>Specification 3.4.2: IsOutputType.</summary>
    public bool IsOutput => Named is not InputObjectType;

    // Requests may ask for a wrapper for the first time side by side: all of them get the one that was first.
    private T Wrap<T>(ref WeakReference<T>? place, Func<GraphQLType, T> make)
        where T : class
    {
        lock (gate)
        {
            if (place is not null && place.TryGetTarget(out var known))
                return known;
            var made = make(this);
            place = new WeakReference<T>(made);
            return made;
        }
    }
}

/// <summary>Specification 3.11.</summary>
internal sealed class ListType(GraphQLType ofType) : GraphQLType
{
    public GraphQLType OfType { get; } = ofType;

    public override string ToString() => $"[{OfType}]";
}

/// <summary>Specification 3.12.</summary>
internal sealed class NonNullType(GraphQLType ofType) : GraphQLType
{
    public GraphQLType OfType { get; } = ofType;

    public override string ToString() => $"{OfType}!";
}

/// <summary>A type with a name: all but lists and non-null types.</summary>
internal abstract class NamedType(string name) : GraphQLType
{
    public string Name { get; } = name;

    public string? Description { get; set; }

    /// <summary>The C# type that it is mapped from, as problems of the schema name it.</summary>
    public string? Origin { get; init; }

    /// <summary>Directives of the application that stand on the type.</summary>
    public IReadOnlyList<AppliedDirective> Applied { get; set; } = [];

    public override string ToString() => Name;
}

/// <summary>A type that selection sets can be applied to: object, interface or union.</summary>
internal abstract class CompositeType(string name) : NamedType(name)
{
    /// <summary>
    /// The object types that a value of this type can have (specification 5.5.2.3, GetPossibleTypes). Known once the
    /// schema is complete.
    /// </summary>
    public IReadOnlyList<ObjectType> PossibleTypes { get; set; } = [];
}

/// <summary>What object and interface types have in common.</summary>
internal abstract class FieldsType(string name) : CompositeType(name)
{
    private readonly Dictionary<string, Field> byName = new(StringComparer.Ordinal);
    private readonly List<Field> fields = [];

    public IReadOnlyList<Field> Fields => fields;

    /// <summary>The interfaces the type declares, those that its interfaces implement included.</summary>
    public List<InterfaceType> Interfaces { get; } = [];

    public bool TryGetField(string name, [NotNullWhen(true)] out Field? field) => byName.TryGetValue(name, out field);

    /// <summary>Adds a field, or puts it in the place of the field of the same name.</summary>
    public void Put(Field field)
    {
        if (byName.TryGetValue(field.Name, out var replaced))
            fields[fields.IndexOf(replaced)] = field;
        else
            fields.Add(field);
        byName[field.Name] = field;
        field.DeclaringType = this;
    }
}

/// <summary>Specification 3.6.</summary>
internal sealed class ObjectType(string name) : FieldsType(name);

/// <summary>Specification 3.7.</summary>
internal sealed class InterfaceType(string name) : FieldsType(name);

/// <summary>Specification 3.8.</summary>
internal sealed class UnionType(string name) : CompositeType(name);
