using System.Reflection;
using System.Runtime.CompilerServices;

namespace Chat.TestSurface;

/// <summary>
/// What a library shows to its users, one line a member, in a form that is compared with a file in the repository: no
/// part of the surface comes, goes or changes by accident.
/// </summary>
public static class PublicSurface
{
    private const string Rewrite = "CHAT_REWRITE_LEDGERS";

    private static readonly Type[] Ordinary = [typeof(object), typeof(ValueType), typeof(Enum)];

    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>
    /// Compares with the ledger; with CHAT_REWRITE_LEDGERS=1 it is written anew, for the person who means the change.
    /// </summary>
    public static void ShouldBeAsWritten(Assembly assembly, string ledger)
    {
        var surface = string.Join('\n', Of(assembly)) + '\n';
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllText(ledger, surface);
        surface.ShouldBe(
            File.ReadAllText(ledger).ReplaceLineEndings("\n"), $"Set {Rewrite}=1 if the change is meant.");
    }

    private static IEnumerable<string> Of(Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{Kind(type)} {Name(type)}{Parents(type)}";
            foreach (var line in Members(type).Distinct().Order(StringComparer.Ordinal))
                yield return $"    {line}";
        }
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Parents(Type type)
    {
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var own = type.GetInterfaces().Except(inherited).Where(one => one.IsPublic);
        var parents = own.Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && !Ordinary.Contains(parent))
            parents.Insert(0, Name(parent));
        return parents.Count == 0 ? "" : $" : {string.Join(", ", parents)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        return type.GetMembers(Declared).Where(IsShown).Select(Line).OfType<string>();
    }

    private static bool IsShown(MemberInfo member) =>
        member.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        && !member.Name.Contains('<', StringComparison.Ordinal)
        && member switch
        {
            MethodBase method => IsShown(method) && (method is ConstructorInfo || !method.IsSpecialName),
            FieldInfo field => field.IsPublic || field.IsFamily,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsShown),
            EventInfo one => IsShown(one.AddMethod!),
            _ => false,
        };

    private static bool IsShown(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new{Parameters(constructor)}",
        MethodInfo method =>
            $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}{Parameters(method)}",
        FieldInfo field => $"{Modifiers(field)}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property =>
            $"{Required(property)}{Name(property.PropertyType)} {property.Name}{Accessors(property)}",
        EventInfo one => $"event {Name(one.EventHandlerType!)} {one.Name}",
        _ => null,
    };

    private static string Modifiers(MethodInfo method)
    {
        var dispatch = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        return dispatch + (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "");
    }

    private static string Modifiers(FieldInfo field) => field switch
    {
        { IsLiteral: true } => "const ",
        { IsStatic: true } => "static ",
        _ => "",
    };

    private static string Required(PropertyInfo property) =>
        property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "" : "required ";

    private static string Accessors(PropertyInfo property)
    {
        var set = property.SetMethod;
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        return $" {{ {(IsShown(property.GetMethod) ? "get; " : "")}"
            + $"{(IsShown(set) ? isInit ? "init; " : "set; " : "")}}}";
    }

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) =>
        $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter)
    {
        var prefix = parameter.GetCustomAttribute<ParamArrayAttribute>() is null ? "" : "params ";
        var suffix = parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "";
        return $"{prefix}{Name(parameter.ParameterType)} {parameter.Name}{suffix}";
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[]";
        if (type.IsByRef)
            return $"ref {Name(type.GetElementType()!)}";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Name(underlying)}?";
        var outer = type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}." : "";
        if (!type.IsGenericType)
            return outer + type.Name;
        var name = type.Name.Split('`')[0];
        return $"{outer}{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
