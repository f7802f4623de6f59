namespace Chat.GraphQL;

/// <summary>A resolver gave null where the schema promises a value (specification 6.4.4).</summary>
internal sealed class NullInNonNullFieldException(Field field)
    : Exception($"Cannot return null for non-nullable field {field}.");
