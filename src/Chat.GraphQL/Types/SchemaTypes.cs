namespace Chat.GraphQL;

/// <summary>Tells which types of an assembly take part in the schema.</summary>
internal static class SchemaTypes
{
    public static bool IsMarked(Type type) =>
        type.GetCustomAttributes(inherit: false).Any(attribute => attribute is
            QueryTypeAttribute or MutationTypeAttribute or SubscriptionTypeAttribute or
            ObjectTypeAttribute or InterfaceTypeAttribute or UnionTypeAttribute or DirectiveTypeAttribute ||
            IsExtension(attribute.GetType())) ||
        ScalarTypes.ValueOf(type) is not null;

    /// <summary>The type that a class marked [ObjectType&lt;T&gt;] or [InterfaceType&lt;T&gt;] extends.</summary>
    public static Type? ExtendedType(Type type) =>
        type.GetCustomAttributes(inherit: false).Select(attribute => attribute.GetType())
            .FirstOrDefault(IsExtension)?.GetGenericArguments()[0];

    public static bool IsInterfaceExtension(Type type) =>
        type.GetCustomAttributes(inherit: false).Any(attribute =>
            attribute.GetType() is { IsGenericType: true } generic &&
            generic.GetGenericTypeDefinition() == typeof(InterfaceTypeAttribute<>));

    private static bool IsExtension(Type attribute) =>
        attribute.IsGenericType && attribute.GetGenericTypeDefinition() is var definition &&
        (definition == typeof(ObjectTypeAttribute<>) || definition == typeof(InterfaceTypeAttribute<>));
}
