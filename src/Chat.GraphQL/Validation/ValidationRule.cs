namespace Chat.GraphQL;

/// <summary>
/// A rule of specification 5. All rules see all nodes of a document in one walk; each keeps what it needs to know in
/// fields of its own and is made anew for each document.
/// </summary>
internal abstract class ValidationRule(ValidationContext context)
{
    protected ValidationContext Context { get; } = context;

    /// <summary>The node below which the rule does not want to look.</summary>
    internal Node? Skipped { get; set; }

    /// <summary>Called before the nodes below.</summary>
    public virtual void Enter(Node node)
    {
    }

    /// <summary>Called after the nodes below, unless they were skipped.</summary>
    public virtual void Leave(Node node)
    {
    }

    /// <summary>Leaves out the nodes below, for this rule alone.</summary>
    protected void Skip(Node node) => Skipped = node;

    /// <summary>A name that many messages tell, as long as one of them may be.</summary>
    protected string Shorten(string name) => GraphQLError.Shorten(name, Context.Options.MaxMessageChars);

    protected void Report(string message, params IEnumerable<Node> nodes) => Context.Report(message, nodes);
}
