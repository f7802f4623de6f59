namespace Chat.GraphQL;

/// <summary>Specification 5.4.2: an argument is given once.</summary>
internal sealed class UniqueArgumentNames(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        var arguments = node switch
        {
            FieldNode field => field.Arguments,
            DirectiveNode directive => directive.Arguments,
            _ => [],
        };
        if (arguments.Length < 2)
            return;
        var duplicates = arguments.Select(argument => argument.Name)
            .GroupBy(name => name.Value, StringComparer.Ordinal).Where(group => group.Skip(1).Any());
        foreach (var group in duplicates)
            Report($"There can be only one argument named \"{group.Key}\".", group);
    }
}
