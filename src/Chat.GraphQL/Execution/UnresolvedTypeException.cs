namespace Chat.GraphQL;

/// <summary>The class of a resolved value is mapped to no possible type of the field (specification 6.4.3).</summary>
internal sealed class UnresolvedTypeException(object value, CompositeType type, Field field)
    : Exception($"A {value.GetType().Name} is not mapped to a possible type of \"{type}\" in {field}.")
{
    public CompositeType Type { get; } = type;

    public Field Field { get; } = field;
}
