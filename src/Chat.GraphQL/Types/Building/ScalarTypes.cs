using System.Reflection;

namespace Chat.GraphQL;

/// <summary>The scalars of a schema by the C# types they stand for: the application's, then the library's.</summary>
internal sealed class ScalarTypes
{
    private readonly Dictionary<Type, CustomScalar> custom = [];
    private readonly List<(CustomScalar Scalar, Type Class)> classes = [];

    public ScalarTypes(IEnumerable<Type> marked, SchemaProblems problems)
    {
        foreach (var type in marked)
        {
            if (ValueOf(type) is not { } clr || Create(type, clr, problems) is not { } scalar)
                continue;
            classes.Add((scalar, type));
            if (!custom.TryAdd(clr, scalar))
                problems.Add(type, $"the type {clr.Name} has a scalar already: {custom[clr].Name}.");
        }
    }

    public ScalarType? Of(Type clr) => custom.TryGetValue(clr, out var scalar) ? scalar : Scalars.Of(clr);

    /// <summary>
    /// Puts directives on the scalars: arguments of directives can be scalars, so those are made first.
    /// </summary>
    public void Apply(Elements elements)
    {
        foreach (var (scalar, type) in classes)
        {
            scalar.Applied = elements.AppliedTo(
                type, DirectiveLocation.Scalar, SchemaProblems.Place(scalar, scalar.Origin));
        }
    }

    /// <summary>The C# type that a class stands for as a scalar; null when it is no scalar.</summary>
    public static Type? ValueOf(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters)
            return null;
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(ScalarType<>))
                return parent.GetGenericArguments()[0];
        }

        return null;
    }

    private static CustomScalar? Create(Type type, Type clr, SchemaProblems problems)
    {
        if (type.GetConstructor([]) is not { } constructor)
        {
            problems.Add(type, "a scalar needs a public constructor without parameters.");
            return null;
        }

        try
        {
            return (CustomScalar)Activator.CreateInstance(
                typeof(CustomScalar<>).MakeGenericType(clr), constructor.Invoke([]))!;
        }
        catch (TargetInvocationException exception)
        {
            problems.Add(type, $"the scalar cannot be made: {exception.InnerException!.Message}");
            return null;
        }
    }
}
