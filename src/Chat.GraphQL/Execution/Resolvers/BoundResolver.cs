namespace Chat.GraphQL;

/// <summary>A resolver whose method takes its parameters from bindings.</summary>
internal abstract class BoundResolver(ParameterBinding[] bindings) : FieldResolver
{
    protected ParameterBinding[] Bindings { get; } = bindings;

    public override ViewerUse Viewer { get; } =
        bindings.Select(binding => binding.Viewer).DefaultIfEmpty(ViewerUse.None).Max();

    public sealed override bool UsesArgument(int index) =>
        Array.Exists(Bindings, binding => binding.UsesArgument(index));

    protected RowParameters ParametersOf(OperationRun run, Frame frame, FieldPlan plan) =>
        new(Bindings, Viewer, run, frame, plan);
}
