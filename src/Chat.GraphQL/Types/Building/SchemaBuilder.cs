using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>Builds the schema from types that carry attributes. All problems are reported together.</summary>
internal sealed class SchemaBuilder
{
    private readonly List<string> problems = [];
    private readonly EnumTypes enums = new();
    private readonly OutputTypes outputs;
    private readonly InputTypes inputs;
    private readonly FieldBuilder fields;
    private readonly IReadOnlyList<Type> marked;
    private readonly ILookup<Type, Type> extensions;

    private SchemaBuilder(IReadOnlyList<Type> marked, IServiceProviderIsService? services)
    {
        this.marked = marked;
        outputs = new OutputTypes(enums, problems);
        inputs = new InputTypes(enums, problems);
        fields = new FieldBuilder(outputs, inputs, services, problems);
        extensions = marked.Where(type => SchemaTypes.ExtendedType(type) is not null)
            .ToLookup(type => SchemaTypes.ExtendedType(type)!);
    }

    /// <summary>Builds the schema.</summary>
    /// <exception cref="GraphQLSchemaException">The types do not make a schema.</exception>
    public static Schema Build(IReadOnlyList<Type> marked, IServiceProviderIsService? services)
    {
        var builder = new SchemaBuilder(marked, services);
        var schema = builder.Build();
        return builder.problems.Count == 0 ? schema : throw new GraphQLSchemaException(builder.problems);
    }

    private Schema Build()
    {
        var query = Root<QueryTypeAttribute>("Query");
        var mutation = Root<MutationTypeAttribute>("Mutation");
        var subscription = Root<SubscriptionTypeAttribute>("Subscription");
        if (query is null)
            problems.Add("The schema has no query type: no class is marked [QueryType].");

        foreach (var type in marked.Where(IsNamed))
            outputs.MapComposite(type);
        foreach (var group in extensions)
            outputs.MapComposite(group.Key);
        Complete();

        List<NamedType> types =
        [
            .. new[] { query, mutation, subscription }.OfType<NamedType>(),
            .. outputs.All.Select(pair => pair.Value), .. inputs.All, .. enums.All,
        ];
        types.AddRange([.. ScalarsOf(types)]);
        SchemaChecks.Check(types, problems);
        if (problems.Count > 0)
            throw new GraphQLSchemaException(problems);
        return new Schema(types, TypeOfValues())
        {
            QueryType = query!,
            MutationType = mutation,
            SubscriptionType = subscription,
        };
    }

    /// <summary>Builds the types of specification 4, which are the same in every schema.</summary>
    public static (IReadOnlyList<NamedType> Types, IReadOnlyList<Field> MetaFields) BuildIntrospection()
    {
        var builder = new SchemaBuilder(
            [typeof(MetaFields), typeof(TypeFields), typeof(FieldFields), typeof(DirectiveFields)], null);
        builder.outputs.MapComposite(typeof(SchemaView));
        var meta = new ObjectType(Field.MetaType);
        builder.AddStatic(meta, typeof(MetaFields), parentType: null);
        builder.Complete();
        if (builder.problems.Count > 0)
            throw new GraphQLSchemaException(builder.problems);
        return ([.. builder.outputs.All.Select(pair => pair.Value), .. builder.enums.All], meta.Fields);
    }

    private void Complete()
    {
        while (outputs.TryTake(out var clr, out var type))
            AddMembers(clr, type);
        Connect();
    }

    private static bool IsNamed(Type type) =>
        type.IsDefined(typeof(ObjectTypeAttribute), inherit: false) ||
        type.IsDefined(typeof(InterfaceTypeAttribute), inherit: false) ||
        type.IsDefined(typeof(UnionTypeAttribute), inherit: false);

    private ObjectType? Root<TAttribute>(string name) where TAttribute : Attribute
    {
        var classes = marked.Where(type => type.IsDefined(typeof(TAttribute), inherit: false)).ToList();
        if (classes.Count == 0)
            return null;
        var root = new ObjectType(name);
        root.PossibleTypes = [root];
        foreach (var type in classes)
        {
            if (typeof(TAttribute) == typeof(SubscriptionTypeAttribute))
                AddSubscriptions(root, type);
            else
                AddStatic(root, type, parentType: null);
        }

        return root;
    }

    private void AddStatic(FieldsType target, Type type, Type? parentType)
    {
        foreach (var method in Methods(type))
            Add(target, fields.FromMethod(method, target.Name, parentType));
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(IsShown))
            Add(target, fields.FromProperty(property, target.Name));
    }

    private void AddSubscriptions(ObjectType root, Type type)
    {
        var sources = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in Methods(type))
        {
            if (method.GetCustomAttribute<SubscribeAttribute>() is not { } subscribe)
                continue;
            sources.Add(subscribe.With);
            var source = type.GetMethod(
                subscribe.With, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static);
            if (source is not null)
                Add(root, fields.FromSubscription(method, source, root.Name));
            else
                problems.Add($"{type.Name} has no static method {subscribe.With}, the source of {method.Name}.");
        }

        problems.AddRange(Methods(type)
            .Where(method => !method.IsDefined(typeof(SubscribeAttribute)) && !sources.Contains(method.Name))
            .Select(method =>
                $"{type.Name}.{method.Name} is neither marked [Subscribe] nor a source stream of one that is."));
    }

    private void AddMembers(Type clr, CompositeType type)
    {
        foreach (var @interface in clr.GetInterfaces().Where(IsNamed))
            outputs.MapComposite(@interface);
        if (type is FieldsType target)
        {
            var properties = clr.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => IsShown(property) && property.GetIndexParameters().Length == 0)
                .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken);
            foreach (var property in properties)
                Add(target, fields.FromProperty(property, type.Name, isAbstract: type is InterfaceType));
            foreach (var extension in extensions[clr])
                AddStatic(target, extension, clr);
        }
        else if (clr.GetProperties().Length > 0)
        {
            problems.Add($"The union {type.Name} must be mapped from an interface without members.");
        }
    }

    /// <summary>Lets object types implement interfaces and join unions as their C# types do.</summary>
    private void Connect()
    {
        var composites = outputs.All.ToList();
        foreach (var (clr, type) in composites)
        {
            foreach (var (superClr, super) in composites)
            {
                if (superClr == clr || !superClr.IsAssignableFrom(clr))
                    continue;
                if (type is FieldsType fieldsType && super is InterfaceType @interface)
                    Implement(fieldsType, @interface);
                if (type is ObjectType member && super is not ObjectType)
                    super.PossibleTypes = [.. super.PossibleTypes, member];
            }

            if (type is ObjectType self)
                self.PossibleTypes = [self];
        }
    }

    private static void Implement(FieldsType type, InterfaceType @interface)
    {
        type.Interfaces.Add(@interface);
        foreach (var inherited in @interface.Fields.Where(field => !type.TryGetField(field.Name, out _)))
        {
            type.Put(new Field(inherited.Name, inherited.Type)
            {
                Description = inherited.Description,
                DeprecationReason = inherited.DeprecationReason,
                Arguments = inherited.Arguments,
                Weight = inherited.Weight,
                ListSize = inherited.ListSize,
                Resolver = inherited.Resolver,
            });
        }
    }

    private Func<object, ObjectType?> TypeOfValues()
    {
        var byClr = outputs.All.Where(pair => pair.Value is ObjectType)
            .ToDictionary(pair => pair.Key, pair => (ObjectType)pair.Value);
        var known = new ConcurrentDictionary<Type, ObjectType?>();
        return value => known.GetOrAdd(value.GetType(), clr =>
        {
            for (var type = clr; type is not null; type = type.BaseType)
            {
                if (byClr.TryGetValue(type, out var found))
                    return found;
            }

            return null;
        });
    }

    private static IEnumerable<NamedType> ScalarsOf(List<NamedType> types)
    {
        var onFields = types.OfType<FieldsType>().SelectMany(type => type.Fields).SelectMany(field =>
            field.Arguments.Select(argument => argument.Type.Named).Append(field.Type.Named));
        var onInputs = types.OfType<InputObjectType>().SelectMany(type => type.Fields)
            .Select(field => field.Type.Named);
        return onFields.Concat(onInputs).OfType<ScalarType>().Append(Scalars.String).Append(Scalars.Boolean).Distinct();
    }

    private void Add(FieldsType target, Field? field)
    {
        if (field is null)
            return;
        if (target.TryGetField(field.Name, out var known) && known.DeclaringType == target && IsRoot(target))
            problems.Add($"The field {field} is defined twice.");
        target.Put(field);
    }

    private static bool IsRoot(FieldsType type) => type.Name is "Query" or "Mutation" or "Subscription";

    private static IEnumerable<MethodInfo> Methods(Type type) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && IsShown(method))
        .OrderBy(method => method.MetadataToken);

    private static bool IsShown(MemberInfo member) => !member.IsDefined(typeof(GraphQLIgnoreAttribute));

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;
}
