using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>Makes fields from properties and resolver methods.</summary>
internal sealed class FieldBuilder(
    OutputTypes outputs, InputTypes inputs, IServiceProviderIsService? services, List<string> problems)
{
    public Field? FromProperty(PropertyInfo property, string typeName, bool isAbstract = false)
    {
        var name = Names.Of(property);
        var shape = ClrTypeShape.Of(property, isInput: false);
        if (outputs.Map(shape, property.IsDefined(typeof(IDAttribute)), $"field {typeName}.{name}") is not { } type)
            return null;
        return new Field(name, type)
        {
            Description = property.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description,
            DeprecationReason = property.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            Weight = WeightOf(property),
            ListSize = ListSize.Of(property.GetCustomAttribute<ListSizeAttribute>()),
            Resolver = isAbstract ? null : ResolverCompiler.Compile(property, shape, type),
        };
    }

    /// <summary>
    /// Makes a field from a static method. <paramref name="parentType"/> is the C# type of the parents, null for fields
    /// of root types.
    /// </summary>
    public Field? FromMethod(MethodInfo method, string typeName, Type? parentType)
    {
        var coordinate = $"{typeName}.{Names.Of(method)}";
        var shape = ClrTypeShape.Of(method.ReturnParameter);
        var type = outputs.Map(shape, method.IsDefined(typeof(IDAttribute)), $"field {coordinate}");
        var arguments = new List<Argument>();
        var parameters = Bind(method, coordinate, parentType, arguments);
        if (type is null || parameters is null)
            return null;
        return Create(method, type, arguments, ResolverCompiler.Compile(method, shape, type, parameters), null);
    }

    /// <summary>Makes a subscription's field from its resolver and the method that makes its source stream.</summary>
    public Field? FromSubscription(MethodInfo method, MethodInfo source, string typeName)
    {
        var coordinate = $"{typeName}.{Names.Of(method)}";
        var shape = ClrTypeShape.Of(method.ReturnParameter);
        var type = outputs.Map(shape, method.IsDefined(typeof(IDAttribute)), $"field {coordinate}");
        var arguments = new List<Argument>();
        var sourceParameters = Bind(source, coordinate, null, arguments);
        var parameters = Bind(method, coordinate, EventOf(source), arguments);
        if (EventOf(source) is null)
            problems.Add($"{Place(source)} must return an IAsyncEnumerable, or a task of one.");
        if (type is null || sourceParameters is null || parameters is null || EventOf(source) is null)
            return null;
        return Create(
            method, type, arguments, ResolverCompiler.Compile(method, shape, type, parameters),
            ResolverCompiler.CompileSource(source, sourceParameters));
    }

    private static Type? EventOf(MethodInfo source)
    {
        var stream = source.ReturnType;
        if (stream.IsGenericType && (stream.GetGenericTypeDefinition() == typeof(Task<>) ||
            stream.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            stream = stream.GetGenericArguments()[0];
        }

        return ResolverCompiler.EventOf(stream);
    }

    private static Field Create(
        MethodInfo method, GraphQLType type, List<Argument> arguments, FieldResolver resolver, SourceStream? source) =>
        new(Names.Of(method), type)
        {
            Description = method.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description,
            DeprecationReason = method.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            Weight = WeightOf(method),
            ListSize = ListSize.Of(method.GetCustomAttribute<ListSizeAttribute>()),
            Arguments = arguments,
            Resolver = resolver,
            SourceStream = source,
        };

    /// <summary>
    /// Where each parameter comes from, null being the parent; null, with problems noted, when one does not.
    /// </summary>
    private List<ParameterBinding?>? Bind(
        MethodInfo method, string coordinate, Type? parentType, List<Argument> arguments)
    {
        var noted = problems.Count;
        var bindings = new List<ParameterBinding?>();
        foreach (var parameter in method.GetParameters())
        {
            var isParent = parameter.IsDefined(typeof(ParentAttribute)) ||
                parameter.IsDefined(typeof(EventMessageAttribute));
            if (!isParent)
            {
                bindings.Add(Bind(parameter, coordinate, arguments));
                continue;
            }

            if (parentType is null || !parameter.ParameterType.IsAssignableFrom(parentType))
            {
                var expected = parentType?.Name ?? "of a parent";
                problems.Add($"Parameter {parameter.Name} of {Place(method)} must have the type {expected}.");
            }

            bindings.Add(null);
        }

        return problems.Count == noted ? bindings : null;
    }

    private ParameterBinding? Bind(ParameterInfo parameter, string coordinate, List<Argument> arguments)
    {
        var type = parameter.ParameterType;
        if (type == typeof(CancellationToken))
            return new CancellationBinding();
        if (type == typeof(Schema))
            return new SchemaBinding();
        if (parameter.GetCustomAttribute<GlobalStateAttribute>() is { } state)
        {
            var shape = ClrTypeShape.Of(parameter);
            return new StateBinding(state.Name ?? parameter.Name!, shape.Value, shape.IsNullable);
        }

        if (typeof(DataLoader).IsAssignableFrom(type) || IsService(parameter))
            return new ServiceBinding(type);

        // The source stream and the resolver of a subscription may both take an argument.
        var name = Names.Of(parameter);
        var known = arguments.FindIndex(argument => argument.Name == name);
        if (known >= 0)
            return new ArgumentBinding(known);
        if (inputs.Argument(parameter, coordinate) is not { } made)
            return null;
        arguments.Add(made);
        return new ArgumentBinding(arguments.Count - 1);
    }

    private bool IsService(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        // The container answers yes to every IEnumerable; one is a service only when its items are.
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            type = type.GetGenericArguments()[0];
        return Scalars.Of(type) is null && !type.IsEnum && services is not null && services.IsService(type);
    }

    private static double WeightOf(MemberInfo member) => member.GetCustomAttribute<CostAttribute>()?.Weight ?? 1;

    private static string Place(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
