namespace Chat.GraphQL;

/// <summary>Specification 5.3.1: selected fields exist.</summary>
internal sealed class FieldsOnCorrectType(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not FieldNode field || Context.Types.ParentType is not { } type || Context.Types.Field is not null)
            return;
        var name = field.Name.Value;
        Report($"Cannot query field \"{name}\" on type \"{type}\".{Suggest(type, name)}", field);
    }

    private string Suggest(CompositeType type, string name)
    {
        if (!Context.Options.FieldSuggestions)
            return "";
        var types = Suggestions.DidYouMean(TypesWith(type, name), "to use an inline fragment on ");
        return types.Length > 0 || type is not FieldsType fields
            ? types
            : Context.DidYouMean(name, fields.Fields.Select(field => field.Name));
    }

    /// <summary>Types below an abstract type that have the field; those that fit more objects come first.</summary>
    private static string[] TypesWith(CompositeType type, string name)
    {
        if (type is ObjectType)
            return [];
        var usages = new Dictionary<FieldsType, int>();
        foreach (var possible in type.PossibleTypes.Where(possible => possible.TryGetField(name, out _)))
        {
            usages[possible] = 1;
            foreach (var @interface in possible.Interfaces.Where(candidate => candidate.TryGetField(name, out _)))
                usages[@interface] = usages.GetValueOrDefault(@interface) + 1;
        }

        var ordered = usages.Keys.ToList();
        ordered.Sort((one, other) =>
            usages[one] != usages[other] ? usages[other].CompareTo(usages[one])
            : one is InterfaceType && other.Interfaces.Contains(one) ? -1
            : other is InterfaceType && one.Interfaces.Contains(other) ? 1
            : Suggestions.NaturalOrder.Compare(one.Name, other.Name));
        return [.. ordered.Select(candidate => candidate.Name)];
    }
}
