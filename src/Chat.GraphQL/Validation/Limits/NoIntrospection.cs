namespace Chat.GraphQL;

/// <summary><see cref="GraphQLOptions.Introspection"/>: the field <c>__typename</c> is always answered.</summary>
internal sealed class NoIntrospection(ValidationContext context) : OperationLimit(context)
{
    public override void EnterField(FieldNode field, int? depth)
    {
        if (!Options.Introspection && Introspection.IsMetaField(field.Name.Value))
            Refuse(field, ErrorCodes.IntrospectionDisabled, "Introspection is switched off.");
    }
}
