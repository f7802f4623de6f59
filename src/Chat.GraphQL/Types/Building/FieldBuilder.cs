using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Makes fields from properties and resolver methods.</summary>
internal sealed class FieldBuilder(
    OutputTypes outputs, ParameterBinder parameters, Elements elements, AuthorizationRules authorizations,
    SchemaProblems problems)
{
    public Field? FromProperty(PropertyInfo property, string typeName, bool isAbstract = false)
    {
        var name = Names.Of(property);
        var coordinate = $"{typeName}.{name}";
        var place = SchemaProblems.Place(coordinate, SchemaProblems.NameOf(property));
        var shape = ClrTypeShape.Of(property, isInput: false);
        if (Map(shape, property, place) is not { } type)
            return null;
        return new Field(name, type)
        {
            Description = Elements.DescriptionOf(property),
            DeprecationReason = Elements.DeprecationOf(property),
            Origin = SchemaProblems.NameOf(property),
            Applied = elements.AppliedTo(property, DirectiveLocation.FieldDefinition, place),
            Authorizations = authorizations.Of(property, property.ReflectedType, place),
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
        var place = SchemaProblems.Place(coordinate, SchemaProblems.NameOf(method));
        var isBatch = method.IsDefined(typeof(BatchResolverAttribute));
        var shape = ClrTypeShape.Of(method.ReturnParameter);
        if (!IsResolver(method, place) || (isBatch && !IsBatch(method, shape, parentType, place)))
            return null;
        var type = Map(isBatch ? shape.Element! : shape, method, place);
        var arguments = new List<Argument>();
        var bindings = parameters.Bind(
            method, coordinate, isBatch ? parentType!.MakeArrayType() : parentType, arguments);
        if (type is null || bindings is null)
            return null;
        var resolver = isBatch
            ? ResolverCompiler.CompileBatch(method, shape, type, bindings, parentType!)
            : ResolverCompiler.Compile(method, shape, type, bindings);
        return Create(method, parentType, type, arguments, resolver, null, place);
    }

    /// <summary>Makes a subscription's field from its resolver and the method that makes its source stream.</summary>
    public Field? FromSubscription(
        MethodInfo method, MethodInfo source, MethodInfo? visibility, bool isShared, string typeName)
    {
        var coordinate = $"{typeName}.{Names.Of(method)}";
        var place = SchemaProblems.Place(coordinate, SchemaProblems.NameOf(method));
        if (!IsResolver(method, place) || !IsResolver(source, place))
            return null;
        var shape = ClrTypeShape.Of(method.ReturnParameter);
        var type = Map(shape, method, place);
        var arguments = new List<Argument>();
        var sourceBindings = parameters.Bind(source, coordinate, null, arguments);
        var keyBindings = visibility is null ? [] : parameters.Bind(visibility, coordinate, null, arguments);
        var bindings = parameters.Bind(method, coordinate, EventOf(source), arguments);
        if (EventOf(source) is not { } eventType)
        {
            problems.Add(
                place, $"{SchemaProblems.NameOf(source)} must return an IAsyncEnumerable, or a task of one.");
            return null;
        }

        if (new[] { source, visibility }.OfType<MethodInfo>().FirstOrDefault(AuthorizationRules.IsMarked) is { } marked)
        {
            problems.Add(
                place,
                $"[Authorize] on {SchemaProblems.NameOf(marked)} protects nothing; put it on " +
                $"{SchemaProblems.NameOf(method)}.");
        }

        if (isShared && (eventType.IsValueType || eventType == typeof(string)))
            problems.Add(place, $"events of {SchemaProblems.NameOf(source)} are shared: they must be objects.");
        if (visibility is not null && !IsKey(visibility.ReturnType))
        {
            problems.Add(place, $"{SchemaProblems.NameOf(visibility)} must return a key.");
            return null;
        }

        if (type is null || sourceBindings is null || keyBindings is null || bindings is null)
            return null;

        return Create(
            method, null, type, arguments, ResolverCompiler.Compile(method, shape, type, bindings),
            ResolverCompiler.CompileSource(
                source, sourceBindings, isShared,
                visibility is null ? null : ResolverCompiler.CompileKey(visibility, keyBindings)),
            place);
    }

    private static bool IsKey(Type type) => type != typeof(void) && !typeof(Task).IsAssignableFrom(type);

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

    private Field Create(
        MethodInfo method, Type? parentType, GraphQLType type, List<Argument> arguments, FieldResolver resolver,
        SourceStream? source, string place) =>
        new(Names.Of(method), type)
        {
            Description = Elements.DescriptionOf(method),
            DeprecationReason = Elements.DeprecationOf(method),
            Origin = SchemaProblems.NameOf(method),
            Applied = elements.AppliedTo(method, DirectiveLocation.FieldDefinition, place),
            Authorizations = authorizations.Of(method, parentType, place),
            Weight = WeightOf(method),
            ListSize = ListSize.Of(method.GetCustomAttribute<ListSizeAttribute>()),
            Arguments = arguments,
            Resolver = resolver,
            SourceStream = source,
        };

    private GraphQLType? Map(ClrTypeShape shape, MemberInfo member, string place)
    {
        if (shape.Async != AsyncKind.Unsupported)
            return outputs.Map(shape, member.IsDefined(typeof(IDAttribute)), place);
        problems.Add(place, "a task of a task or of a stream is no result; return the inner one.");
        return null;
    }

    private bool IsResolver(MethodInfo method, string place)
    {
        if (method.IsGenericMethodDefinition)
            problems.Add(place, "a resolver cannot have type parameters.");
        else if (method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef))
            problems.Add(place, "a resolver cannot have parameters by reference.");
        else
            return true;
        return false;
    }

    private bool IsBatch(MethodInfo method, ClrTypeShape shape, Type? parentType, string place)
    {
        if (parentType is null || !method.GetParameters().Any(ParameterBinder.IsParent))
            problems.Add(place, "a batch resolver needs a parameter marked [Parent], a list of the parents.");
        else if (shape.Element is null || shape.Async is AsyncKind.Stream)
            problems.Add(place, "a batch resolver returns a list with one result for each parent.");
        else
            return true;
        return false;
    }

    private static double WeightOf(MemberInfo member) => member.GetCustomAttribute<CostAttribute>()?.Weight ?? 1;
}
