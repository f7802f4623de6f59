namespace Chat.GraphQL;

/// <summary>
/// The value of an input field or argument that tells "not given" from "given as null" (specification 6.4.1). The
/// GraphQL type is the nullable type of <typeparamref name="T"/>.
/// </summary>
public readonly record struct Optional<T>
{
    /// <summary>A value that was given.</summary>
    public Optional(T? value) => (HasValue, Value) = (true, value);

    /// <summary>Whether the client gave the value, be it null.</summary>
    public bool HasValue { get; }

    /// <summary>The value; the default of <typeparamref name="T"/> when none was given.</summary>
    public T? Value { get; }

    /// <summary>A value that was given.</summary>
    public static implicit operator Optional<T>(T? value) => new(value);
}
