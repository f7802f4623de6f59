namespace Chat.GraphQL;

/// <summary>A resolver whose method takes its parameters from bindings.</summary>
internal abstract class BoundResolver(ParameterBinding[] bindings) : FieldResolver
{
    public sealed override ViewerUse Viewer { get; } =
        bindings.Select(binding => binding.Viewer).DefaultIfEmpty(ViewerUse.None).Max();

    public sealed override bool UsesArgument(int index) =>
        bindings.OfType<ArgumentBinding>().Any(binding => binding.Index == index);

    protected RowParameters ParametersOf(OperationRun run, Frame frame, FieldPlan plan) =>
        new(bindings, Viewer, run, frame, plan);
}
