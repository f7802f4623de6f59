namespace Chat.GraphQL;

/// <summary>Specification 5.4.1: arguments exist.</summary>
internal sealed class KnownArgumentNames(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        switch (node)
        {
            case DirectiveNode directive:
                CheckDirective(directive);
                Skip(directive);
                break;
            case ArgumentNode argument when Context.Types is { Argument: null, Field: { } field }:
                var name = argument.Name.Value;
                Report(
                    $"Unknown argument \"{name}\" on field \"{field}\"." +
                    Context.DidYouMean(name, field.Arguments.Select(known => known.Name)), argument);
                break;
        }
    }

    private void CheckDirective(DirectiveNode directive)
    {
        var name = directive.Name.Value;
        var known = Context.Document.Definitions.OfType<DirectiveDefinitionNode>()
            .LastOrDefault(definition => definition.Name.Value == name && !definition.IsExtension)
            ?.Arguments.Select(argument => argument.Name.Value).ToList() ??
            Context.Schema.FindDirective(name)?.Arguments.Select(argument => argument.Name).ToList();
        if (known is null)
            return;
        foreach (var argument in directive.Arguments.Where(argument => !known.Contains(argument.Name.Value)))
        {
            Report(
                $"Unknown argument \"{argument.Name.Value}\" on directive \"@{name}\"." +
                Context.DidYouMean(argument.Name.Value, known), argument);
        }
    }
}
