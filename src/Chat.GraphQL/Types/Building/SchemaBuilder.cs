using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>Builds the schema from types that carry attributes. All problems are reported together.</summary>
internal sealed class SchemaBuilder
{
    private readonly SchemaProblems problems = new();
    private readonly Elements elements;
    private readonly EnumTypes enums;
    private readonly ScalarTypes scalars;
    private readonly OutputTypes outputs;
    private readonly InputTypes inputs;
    private readonly MemberFields members;
    private readonly IReadOnlyList<Type> marked;
    private readonly ILookup<Type, Type> extensions;

    private SchemaBuilder(
        IReadOnlyList<Type> marked, IServiceProviderIsService? services, Func<string, bool>? knowsPolicy)
    {
        this.marked = marked;
        elements = new Elements(problems);
        enums = new EnumTypes(elements, problems);
        scalars = new ScalarTypes(marked, problems);
        outputs = new OutputTypes(enums, scalars, elements, problems);
        inputs = new InputTypes(enums, scalars, elements, problems);
        var parameters = new ParameterBinder(inputs, scalars, services, problems);
        var authorizations = new AuthorizationRules(services, knowsPolicy, problems);
        members = new MemberFields(
            new FieldBuilder(outputs, parameters, elements, authorizations, problems), problems);
        extensions = marked.Where(type => SchemaTypes.ExtendedType(type) is not null)
            .ToLookup(type => SchemaTypes.ExtendedType(type)!);
    }

    /// <summary>Builds the schema.</summary>
    /// <param name="marked">The types that carry attributes.</param>
    /// <param name="services">Tells parameters that are services; null when there are none.</param>
    /// <param name="knowsPolicy">Tells the names of policies; null when only requests can tell.</param>
    /// <exception cref="GraphQLSchemaException">The types do not make a schema.</exception>
    public static Schema Build(
        IReadOnlyList<Type> marked, IServiceProviderIsService? services, Func<string, bool>? knowsPolicy = null)
    {
        IReadOnlyList<Type> distinct = [.. marked.Distinct()];
        return new SchemaBuilder(distinct, services, knowsPolicy).Build();
    }

    /// <summary>Builds the types of specification 4, which are the same in every schema.</summary>
    public static (IReadOnlyList<NamedType> Types, IReadOnlyList<Field> MetaFields) BuildIntrospection()
    {
        var builder = new SchemaBuilder(
            [
                typeof(MetaFields), typeof(SchemaFields), typeof(TypeFields), typeof(FieldFields),
                typeof(DirectiveFields),
            ], null, null);
        builder.outputs.MapComposite(typeof(SchemaView));
        var meta = new ObjectType(Field.MetaType);
        builder.members.AddResolvers(meta, typeof(MetaFields), parentType: null);
        builder.Complete();
        builder.problems.ThrowIfAny();
        return ([.. builder.outputs.All.Select(pair => pair.Value), .. builder.enums.All], meta.Fields);
    }

    private Schema Build()
    {
        foreach (var type in marked.Where(type => !SchemaTypes.IsMarked(type)))
            problems.Add(type, "it has no attribute that gives it a place in the schema, such as [ObjectType].");
        DirectiveTypes.Map(marked, elements, inputs, problems);
        scalars.Apply(elements);
        var query = Root<QueryTypeAttribute>("Query");
        var mutation = Root<MutationTypeAttribute>("Mutation");
        var subscription = Root<SubscriptionTypeAttribute>("Subscription");
        if (query is null)
            problems.Add("Query", "there is no query type: no class is marked [QueryType].");

        foreach (var type in marked.Where(IsNamed))
            outputs.MapComposite(type);
        foreach (var group in extensions)
            Extend(group.Key, group);
        Complete();

        List<NamedType> types =
        [
            .. new[] { query, mutation, subscription }.OfType<NamedType>(),
            .. outputs.All.Select(pair => pair.Value), .. inputs.All, .. enums.All,
        ];
        List<DirectiveType> directives = [.. elements.Directives.Select(directive => directive.Type)];
        types.AddRange([.. ScalarsOf(types, directives)]);
        SchemaChecks.Check(types, directives, problems);
        problems.ThrowIfAny();
        AuthorizedResolver.Protect(types);
        return new Schema(types, TypeOfValues(), directives)
        {
            QueryType = query!,
            MutationType = mutation,
            SubscriptionType = subscription,
        };
    }

    private void Complete()
    {
        while (outputs.TryTake(out var clr, out var type))
            AddMembers(clr, type);
        TypeRelations.Connect([.. outputs.All]);
    }

    private static bool IsNamed(Type type) =>
        type.IsDefined(typeof(ObjectTypeAttribute), inherit: false) ||
        OutputTypes.IsInterface(type) || OutputTypes.IsUnion(type);

    private ObjectType? Root<TAttribute>(string name) where TAttribute : Attribute
    {
        var classes = marked.Where(type => type.IsDefined(typeof(TAttribute), inherit: false)).ToList();
        if (classes.Count == 0)
            return null;
        var root = new ObjectType(name) { Origin = string.Join(", ", classes.Select(SchemaProblems.NameOf)) };
        root.PossibleTypes = [root];
        foreach (var type in classes)
        {
            if (typeof(TAttribute) == typeof(SubscriptionTypeAttribute))
                members.AddSubscriptions(root, type);
            else
                members.AddResolvers(root, type, parentType: null);
        }

        return root;
    }

    private void Extend(Type clr, IEnumerable<Type> classes)
    {
        foreach (var type in classes)
        {
            var wantsInterface = SchemaTypes.IsInterfaceExtension(type);
            if (!outputs.IsComposite(clr) || OutputTypes.IsUnion(clr) || wantsInterface != OutputTypes.IsInterface(clr))
            {
                var kind = wantsInterface ? "an interface type" : "an object type";
                problems.Add(type, $"{SchemaProblems.NameOf(clr)} is not mapped to {kind}.");
                return;
            }
        }

        outputs.MapComposite(clr);
    }

    private void AddMembers(Type clr, CompositeType type)
    {
        foreach (var super in TypeRelations.SupertypesOf(clr).Where(IsNamed))
            outputs.MapComposite(super);
        if (type is FieldsType target)
        {
            members.AddProperties(target, clr);
            foreach (var extension in extensions[clr])
                members.AddResolvers(target, extension, clr);
        }
        else
        {
            if (clr.GetProperties().Length > 0)
            {
                problems.Add(
                    SchemaProblems.Place(type), "a union is mapped from an interface or class without members.");
            }

            if (AuthorizationRules.IsMarked(clr))
            {
                problems.Add(
                    SchemaProblems.Place(type), "[Authorize] on a union protects nothing; put it on its members.");
            }
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

    private static IEnumerable<ScalarType> ScalarsOf(List<NamedType> types, List<DirectiveType> directives)
    {
        var onFields = types.OfType<FieldsType>().SelectMany(type => type.Fields).SelectMany(field =>
            field.Arguments.Select(argument => argument.Type.Named).Append(field.Type.Named));
        var onInputs = types.OfType<InputObjectType>().SelectMany(type => type.Fields)
            .Select(field => field.Type.Named);
        var onDirectives = directives.SelectMany(directive => directive.Arguments)
            .Select(argument => argument.Type.Named);
        return onFields.Concat(onInputs).Concat(onDirectives).OfType<ScalarType>()
            .Append(Scalars.String).Append(Scalars.Boolean).Distinct();
    }
}
