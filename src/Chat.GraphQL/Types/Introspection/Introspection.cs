namespace Chat.GraphQL;

/// <summary>The types and meta fields of specification 4, shared by all schemas.</summary>
internal static class Introspection
{
    private static readonly (IReadOnlyList<NamedType> Types, IReadOnlyList<Field> MetaFields) Built =
        SchemaBuilder.BuildIntrospection();

    public static IReadOnlyList<NamedType> Types => Built.Types;

    /// <summary><c>__schema</c> and <c>__type</c>, which only the query root type has (specification 4.2).</summary>
    public static IReadOnlyList<Field> MetaFields => Built.MetaFields;

    public static bool IsMetaField(string name) => name is "__schema" or "__type";
}

/// <summary>Specification 4.2: the fields that the query root type has besides its own.</summary>
internal static class MetaFields
{
    [GraphQLName("__schema")]
    [GraphQLDescription("Access the current type schema of this server.")]
    public static SchemaView Schema(Schema schema) => new(schema);

    [GraphQLName("__type")]
    [GraphQLDescription("Request the type information of a single type.")]
    public static TypeView? Type(string name, Schema schema) => TypeView.Of(schema.FindType(name));
}
