using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Adds the fields that the members of a C# type stand for to a type of the schema.</summary>
internal sealed class MemberFields(FieldBuilder fields, SchemaProblems problems)
{
    /// <summary>The resolvers of each type by the names of their fields: each field has one.</summary>
    private readonly Dictionary<FieldsType, Dictionary<string, MemberInfo>> resolvers = [];

    /// <summary>Adds the properties of the objects themselves.</summary>
    public void AddProperties(FieldsType target, Type clr)
    {
        var properties = clr.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => IsShown(property) && property.GetIndexParameters().Length == 0 && property.CanRead)
            .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken);
        var known = new Dictionary<string, PropertyInfo>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            if (fields.FromProperty(property, target.Name, isAbstract: target is InterfaceType) is not { } field)
                continue;
            // A property that hides the one of a base class takes its place.
            if (known.TryGetValue(field.Name, out var other) && other.Name != property.Name)
                ReportClash(target, field, other);
            known[field.Name] = property;
            target.Put(field);
        }
    }

    /// <summary>
    /// Adds the static methods and properties of a class; they may override properties of the objects.
    /// </summary>
    public void AddResolvers(FieldsType target, Type type, Type? parentType)
    {
        foreach (var method in Methods(type))
            Add(target, method, fields.FromMethod(method, target.Name, parentType));
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(IsShown))
            Add(target, property, fields.FromProperty(property, target.Name));
        ReportUnused(type);
    }

    /// <summary>Adds the subscriptions of a class.</summary>
    public void AddSubscriptions(FieldsType root, Type type)
    {
        var sources = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in Methods(type))
        {
            if (method.GetCustomAttribute<SubscribeAttribute>() is not { } subscribe)
                continue;
            sources.Add(subscribe.With);
            var source = Single(type, subscribe.With);
            if (source is null)
                problems.Add(method, $"its class needs one static method {subscribe.With}, the source stream.");
            MethodInfo? visibility = null;
            if (subscribe.VisibilityKey is { } name)
            {
                sources.Add(name);
                visibility = Single(type, name);
                if (visibility is null)
                    problems.Add(method, $"its class needs one static method {name}, the visibility key.");
            }

            if (source is not null && (visibility is not null || subscribe.VisibilityKey is null))
                Add(root, method, fields.FromSubscription(method, source, visibility, subscribe.IsShared, root.Name));
        }

        foreach (var method in Methods(type))
        {
            if (!method.IsDefined(typeof(SubscribeAttribute)) && !sources.Contains(method.Name))
                problems.Add(method, "it is neither marked [Subscribe] nor the source stream of a method that is.");
        }

        ReportUnused(type);
    }

    private static MethodInfo? Single(Type type, string name)
    {
        var found = type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Where(candidate => candidate.Name == name).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    private void Add(FieldsType target, MemberInfo member, Field? field)
    {
        if (field is null)
            return;
        if (!resolvers.TryGetValue(target, out var known))
            resolvers.Add(target, known = new Dictionary<string, MemberInfo>(StringComparer.Ordinal));
        if (!known.TryAdd(field.Name, member))
            ReportClash(target, field, known[field.Name]);
        target.Put(field);
    }

    private void ReportClash(FieldsType target, Field field, MemberInfo other) =>
        problems.Add(
            SchemaProblems.Place($"{target}.{field.Name}", field.Origin),
            $"{SchemaProblems.NameOf(other)} is a field of that name too.");

    /// <summary>Resolvers are static: an instance method would be left out without a word.</summary>
    private void ReportUnused(Type type)
    {
        var unused = type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && !method.IsVirtual && IsShown(method));
        foreach (var method in unused)
            problems.Add(method, "it is no field, because it is not static.");
    }

    private static IEnumerable<MethodInfo> Methods(Type type) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && IsShown(method))
        .OrderBy(method => method.MetadataToken);

    private static bool IsShown(MemberInfo member) => !member.IsDefined(typeof(GraphQLIgnoreAttribute));

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;
}
