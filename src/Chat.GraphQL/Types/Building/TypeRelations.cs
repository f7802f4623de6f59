namespace Chat.GraphQL;

/// <summary>Lets types implement interfaces and join unions as their C# types do.</summary>
internal static class TypeRelations
{
    /// <summary>The interfaces and base classes of a C# type.</summary>
    public static IEnumerable<Type> SupertypesOf(Type clr)
    {
        foreach (var @interface in clr.GetInterfaces())
            yield return @interface;
        for (var parent = clr.BaseType; parent is not null; parent = parent.BaseType)
            yield return parent;
    }

    public static void Connect(IReadOnlyList<KeyValuePair<Type, CompositeType>> composites)
    {
        foreach (var (clr, type) in composites)
        {
            foreach (var (superClr, super) in composites)
            {
                if (superClr == clr || !superClr.IsAssignableFrom(clr))
                    continue;
                if (type is FieldsType fieldsType && super is InterfaceType @interface)
                    Implement(fieldsType, @interface);
                if (type is ObjectType member && super is not ObjectType)
                    super.PossibleTypes = [.. super.PossibleTypes, member];
            }

            if (type is ObjectType self)
                self.PossibleTypes = [self];
        }
    }

    private static void Implement(FieldsType type, InterfaceType @interface)
    {
        type.Interfaces.Add(@interface);
        foreach (var promised in @interface.Fields)
        {
            if (type.TryGetField(promised.Name, out var field))
            {
                // What the interface protects is protected in each of its types.
                if (field.DeclaringType == type)
                    field.Authorizations = [.. field.Authorizations.Union(promised.Authorizations)];
            }
            else if (type is InterfaceType || promised.Resolver is not null)
            {
                type.Put(new Field(promised.Name, promised.Type)
                {
                    Description = promised.Description,
                    DeprecationReason = promised.DeprecationReason,
                    Origin = promised.Origin,
                    Applied = promised.Applied,
                    Authorizations = promised.Authorizations,
                    Arguments = promised.Arguments,
                    Weight = promised.Weight,
                    ListSize = promised.ListSize,
                    Resolver = promised.Resolver,
                });
            }
        }
    }
}
