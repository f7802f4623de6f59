namespace Chat.GraphQL;

/// <summary><see cref="GraphQLOptions.MaxAliases"/>.</summary>
internal sealed class MaxAliases(ValidationContext context) : OperationLimit(context)
{
    public override void EnterFields(IReadOnlyList<FieldNode> fields)
    {
        if (fields.Count <= Options.MaxAliases)
            return;
        var responseNamesOf = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var name = field.Name.Value;
            if (!responseNamesOf.TryGetValue(name, out var responseNames))
                responseNamesOf.Add(name, responseNames = new HashSet<string>(StringComparer.Ordinal));
            if (!responseNames.Add(field.ResponseName) || responseNames.Count <= Options.MaxAliases)
                continue;
            Refuse(
                field, ErrorCodes.TooManyAliases,
                $"The field \"{name}\" is selected under more than {Options.MaxAliases} names.");
            return;
        }
    }
}
