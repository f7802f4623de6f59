using System.Reflection;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>Finds where the parameters of resolvers come from; those that come from the client are arguments.</summary>
internal sealed class ParameterBinder(
    InputTypes inputs, ScalarTypes scalars, IServiceProviderIsService? services, SchemaProblems problems)
{
    /// <summary>
    /// Where each parameter comes from, null being the parent; null, with problems noted, when one does not.
    /// </summary>
    /// <param name="method">The resolver, or the method that makes a source stream.</param>
    /// <param name="coordinate">The field.</param>
    /// <param name="parentType">The C# type of what is marked [Parent] or [EventMessage]; null for root fields.</param>
    /// <param name="arguments">The field's arguments, to which those of this method are added.</param>
    public List<ParameterBinding?>? Bind(
        MethodInfo method, string coordinate, Type? parentType, List<Argument> arguments)
    {
        var noted = problems.Count;
        var bindings = new List<ParameterBinding?>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in method.GetParameters())
        {
            if (!IsParent(parameter))
            {
                bindings.Add(Bind(parameter, coordinate, arguments, taken));
                continue;
            }

            if (parentType is null || !CanReceive(parameter.ParameterType, parentType))
            {
                var expected = parentType is null
                    ? "has no parent to receive"
                    : $"must have the type {SchemaProblems.NameOf(parentType)}";
                Report(parameter, coordinate, $"the parameter {SchemaProblems.NameOf(parameter)} {expected}.");
            }

            bindings.Add(null);
        }

        return problems.Count == noted ? bindings : null;
    }

    public static bool IsParent(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(ParentAttribute)) || parameter.IsDefined(typeof(EventMessageAttribute));

    /// <summary>The parents of a batch come as an array, or as a list of their own.</summary>
    private static bool CanReceive(Type parameter, Type parent) =>
        parameter.IsAssignableFrom(parent) ||
        (parent.IsArray && parameter == typeof(List<>).MakeGenericType(parent.GetElementType()!));

    private ParameterBinding? Bind(
        ParameterInfo parameter, string coordinate, List<Argument> arguments, HashSet<string> taken)
    {
        var type = parameter.ParameterType;
        if (type == typeof(CancellationToken))
            return new CancellationBinding();
        if (type == typeof(Schema))
            return new SchemaBinding();
        if (type == typeof(ClaimsPrincipal))
            return new StateBinding(RequestState.User, type, ClrTypeShape.Of(parameter).IsNullable);
        if (parameter.GetCustomAttribute<GlobalStateAttribute>() is { } state)
        {
            var shape = ClrTypeShape.Of(parameter);
            return new StateBinding(state.Name ?? parameter.Name!, shape.Value, shape.IsNullable);
        }

        if (parameter.GetCustomAttribute<ServiceAttribute>() is { } service)
            return BindService(parameter, service.Key, coordinate);
        if (typeof(DataLoader).IsAssignableFrom(type))
            return BindService(parameter, null, coordinate);
        if (IsService(type))
            return new ServiceBinding(type, null);
        return type == typeof(PagingArguments)
            ? BindPaging(parameter, coordinate, arguments, taken)
            : BindArgument(parameter, coordinate, arguments, taken);
    }

    private ServiceBinding BindService(ParameterInfo parameter, string? key, string coordinate)
    {
        var type = parameter.ParameterType;
        var isKnown = services is null || (key is null
            ? services.IsService(type)
            : services is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(type, key));
        if (!isKnown)
        {
            Report(
                parameter, coordinate,
                $"the service {SchemaProblems.NameOf(type)} of {SchemaProblems.NameOf(parameter)} is not registered.");
        }

        return new ServiceBinding(type, key);
    }

    private bool IsService(Type type)
    {
        // The container answers yes to every IEnumerable; one is a service only when its items are.
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            type = type.GetGenericArguments()[0];
        return scalars.Of(type) is null && !type.IsEnum && services is not null && services.IsService(type);
    }

    private ArgumentBinding? BindArgument(
        ParameterInfo parameter, string coordinate, List<Argument> arguments, HashSet<string> taken)
    {
        var name = Names.Of(parameter);
        var isFree = IsFree(parameter, name, coordinate, taken);
        if (inputs.Argument(parameter, coordinate) is not { } made || !isFree)
            return null;
        return Add(made, parameter, coordinate, arguments);
    }

    private PagingBinding? BindPaging(
        ParameterInfo parameter, string coordinate, List<Argument> arguments, HashSet<string> taken)
    {
        var bindings = new List<ArgumentBinding?>();
        foreach (var (name, type, description) in PagingBinding.Arguments)
        {
            bindings.Add(!IsFree(parameter, name, coordinate, taken) ? null : Add(
                new Argument(name, type, coordinate)
                {
                    Description = description,
                    Origin = SchemaProblems.NameOf(parameter),
                },
                parameter, coordinate, arguments));
        }

        return bindings is [{ } first, { } after, { } last, { } before]
            ? new PagingBinding(first, after, last, before)
            : null;
    }

    private void Report(ParameterInfo parameter, string coordinate, string text) =>
        problems.Add(SchemaProblems.Place(coordinate, SchemaProblems.NameOf(parameter.Member)), text);

    private bool IsFree(ParameterInfo parameter, string name, string coordinate, HashSet<string> taken)
    {
        var isFree = taken.Add(name);
        if (!isFree)
            Report(parameter, coordinate, $"{SchemaProblems.NameOf(parameter)} is a second argument named {name}.");
        return isFree;
    }

    /// <summary>The source stream and the resolver of a subscription may both take an argument.</summary>
    private ArgumentBinding? Add(Argument made, ParameterInfo parameter, string coordinate, List<Argument> arguments)
    {
        var known = arguments.FindIndex(argument => argument.Name == made.Name);
        if (known < 0)
        {
            arguments.Add(made);
            return new ArgumentBinding(arguments.Count - 1);
        }

        if (arguments[known].Type == made.Type)
            return new ArgumentBinding(known);
        Report(
            parameter, coordinate,
            $"{SchemaProblems.NameOf(parameter)} has the type {made.Type}, but {arguments[known].Origin} has " +
            $"{arguments[known].Type}.");
        return null;
    }
}
