using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>
/// Where the value of a resolver's parameter comes from. It does not depend on the parent, so it is found once for all
/// rows of a column that have the same viewer.
/// </summary>
internal abstract class ParameterBinding
{
    /// <summary>How the value depends on who asks. What is not known is taken for the worst.</summary>
    public virtual ViewerUse Viewer => ViewerUse.PerRun;

    /// <summary>Whether the argument with this index, in the order of the definitions, is read.</summary>
    public virtual bool UsesArgument(int argument) => false;

    public abstract object? Bind(OperationRun run, object?[] arguments);

    /// <summary>The values of all parameters of a resolver.</summary>
    public static object?[] Bind(ParameterBinding[] bindings, OperationRun run, FieldPlan plan)
    {
        if (bindings.Length == 0)
            return [];
        var arguments = plan.Arguments(run.Variables, run.Options.FieldSuggestions);
        var values = new object?[bindings.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = bindings[i].Bind(run, arguments);
        return values;
    }
}

internal sealed class ArgumentBinding(int index) : ParameterBinding
{
    public override ViewerUse Viewer => ViewerUse.None;

    public override bool UsesArgument(int argument) => argument == index;

    public override object? Bind(OperationRun run, object?[] arguments) => arguments[index];
}

internal sealed class ServiceBinding(Type type, string? key) : ParameterBinding
{
    /// <summary>Services do not know the viewer, but for the one that is made to.</summary>
    public override ViewerUse Viewer =>
        type == typeof(IHttpContextAccessor) ? ViewerUse.PerRun : ViewerUse.None;

    public override object? Bind(OperationRun run, object?[] arguments) => key is null
        ? run.Services.GetRequiredService(type)
        : run.Services.GetRequiredKeyedService(type, key);
}

internal sealed class StateBinding(string key, Type type, bool isNullable) : ParameterBinding
{
    public override ViewerUse Viewer => ViewerUse.PerRow;

    public override object? Bind(OperationRun run, object?[] arguments)
    {
        if (!run.State.TryGetValue(key, out var value) || value is null)
        {
            return isNullable
                ? null
                : throw new InvalidOperationException($"The request's state has no \"{key}\".");
        }

        return type.IsInstanceOfType(value)
            ? value
            : throw new InvalidOperationException($"The request's state \"{key}\" is a {value.GetType().Name}.");
    }
}

internal sealed class CancellationBinding : ParameterBinding
{
    public override ViewerUse Viewer => ViewerUse.None;

    public override object? Bind(OperationRun run, object?[] arguments) => run.Cancellation;
}

internal sealed class SchemaBinding : ParameterBinding
{
    public override ViewerUse Viewer => ViewerUse.None;

    public override object? Bind(OperationRun run, object?[] arguments) => run.Schema;
}
