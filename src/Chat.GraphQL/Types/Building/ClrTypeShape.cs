using System.Reflection;

namespace Chat.GraphQL;

internal enum AsyncKind
{
    None,
    Task,
    ValueTask,

    /// <summary>An <see cref="IAsyncEnumerable{T}"/>, which is collected into a list.</summary>
    Stream,

    /// <summary>One in the other, which no resolver can return.</summary>
    Unsupported,
}

/// <summary>
/// A C# type as the schema sees it: asynchronous or not, nullable or not, a list or a single value.
/// </summary>
/// <param name="Clr">The type without task and <see cref="Optional{T}"/>, with <see cref="Nullable{T}"/>.</param>
internal sealed record ClrTypeShape(Type Clr)
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The type of the value itself: no list, no <see cref="Nullable{T}"/>.</summary>
    public Type Value => Nullable.GetUnderlyingType(Clr) ?? Clr;

    public bool IsNullable { get; init; }

    public bool IsOptional { get; init; }

    public AsyncKind Async { get; init; }

    public ClrTypeShape? Element { get; init; }

    public static ClrTypeShape Of(ParameterInfo parameter)
    {
        lock (Nullability)
            return Of(Nullability.Create(parameter), isInput: parameter.Position >= 0);
    }

    public static ClrTypeShape Of(PropertyInfo property, bool isInput)
    {
        lock (Nullability)
            return Of(Nullability.Create(property), isInput);
    }

    private static ClrTypeShape Of(NullabilityInfo info, bool isInput)
    {
        var definition = info.Type.IsGenericType ? info.Type.GetGenericTypeDefinition() : null;
        if (definition == typeof(Task<>))
            return OfResult(info, isInput, AsyncKind.Task);
        if (definition == typeof(ValueTask<>))
            return OfResult(info, isInput, AsyncKind.ValueTask);
        if (definition == typeof(IAsyncEnumerable<>))
            return OfStream(info, isInput);
        if (definition == typeof(Optional<>))
            return Of(info.GenericTypeArguments[0], isInput) with { IsOptional = true, IsNullable = true };

        var state = isInput && info.WriteState != NullabilityState.Unknown ? info.WriteState : info.ReadState;
        var isNullable = info.Type.IsValueType
            ? Nullable.GetUnderlyingType(info.Type) is not null
            : state != NullabilityState.NotNull;
        return new ClrTypeShape(info.Type) { IsNullable = isNullable, Element = ElementOf(info, isInput) };
    }

    private static ClrTypeShape OfResult(NullabilityInfo info, bool isInput, AsyncKind kind)
    {
        var result = Of(info.GenericTypeArguments[0], isInput);
        return result with { Async = result.Async == AsyncKind.None ? kind : AsyncKind.Unsupported };
    }

    private static ClrTypeShape OfStream(NullabilityInfo info, bool isInput)
    {
        var item = Of(info.GenericTypeArguments[0], isInput);
        return new ClrTypeShape(typeof(List<>).MakeGenericType(item.Clr))
        {
            IsNullable = info.ReadState != NullabilityState.NotNull,
            Element = item,
            Async = item.Async == AsyncKind.None ? AsyncKind.Stream : AsyncKind.Unsupported,
        };
    }

    private static ClrTypeShape? ElementOf(NullabilityInfo info, bool isInput)
    {
        if (info.Type == typeof(string))
            return null;
        if (info.ElementType is not null)
            return Of(info.ElementType, isInput);
        var list = info.Type.GetInterfaces().Append(info.Type).FirstOrDefault(
            type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        if (list is null)
            return null;
        var item = list.GetGenericArguments()[0];
        var argument = Array.Find(info.GenericTypeArguments, candidate => candidate.Type == item);
        return argument is not null ? Of(argument, isInput) : new ClrTypeShape(item);
    }
}
