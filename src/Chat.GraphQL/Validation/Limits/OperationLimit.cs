namespace Chat.GraphQL;

/// <summary>
/// A limit of the server on operations that are valid. All limits see the fields of an operation in one walk, with its
/// fragments put in; each is made anew for each operation.
/// </summary>
internal abstract class OperationLimit(ValidationContext context)
{
    protected GraphQLOptions Options => context.Options;

    /// <summary>Whether the operation is over the limit; the walk ends there.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Called with the fields of an object: those of all its selection sets, and of their fragments.</summary>
    public virtual void EnterFields(IReadOnlyList<FieldNode> fields)
    {
    }

    /// <summary>
    /// Called with each field; <paramref name="depth"/> is 1 at the root, and null below <c>__schema</c> and
    /// <c>__type</c>.
    /// </summary>
    public virtual void EnterField(FieldNode field, int? depth)
    {
    }

    protected void Refuse(Node node, string code, string message)
    {
        IsOver = true;
        context.Report(message, [node], code);
    }
}
