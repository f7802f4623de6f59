using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>
/// Where the value of a resolver's parameter comes from. It does not depend on the parent, so it is found once for all
/// rows of a column.
/// </summary>
internal abstract class ParameterBinding
{
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
    public override object? Bind(OperationRun run, object?[] arguments) => arguments[index];
}

internal sealed class ServiceBinding(Type type, string? key) : ParameterBinding
{
    public override object? Bind(OperationRun run, object?[] arguments) => key is null
        ? run.Services.GetRequiredService(type)
        : run.Services.GetRequiredKeyedService(type, key);
}

internal sealed class StateBinding(string key, Type type, bool isNullable) : ParameterBinding
{
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
    public override object? Bind(OperationRun run, object?[] arguments) => run.Cancellation;
}

internal sealed class SchemaBinding : ParameterBinding
{
    public override object? Bind(OperationRun run, object?[] arguments) => run.Schema;
}
