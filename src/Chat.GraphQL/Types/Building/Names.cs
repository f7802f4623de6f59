using System.Reflection;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// How C# names become names of the schema, unless <see cref="GraphQLNameAttribute"/> says otherwise.
/// </summary>
internal static class Names
{
    private const string AsyncSuffix = "Async";
    private const string GetPrefix = "Get";

    /// <summary>
    /// The name of the type, without the I of interfaces; a generic one is named after its arguments: Connection of
    /// User is UserConnection.
    /// </summary>
    public static string Of(Type type)
    {
        if (type.GetCustomAttribute<GraphQLNameAttribute>(inherit: false) is { } given)
            return given.Name;
        if (!type.IsGenericType)
            return type.IsInterface && type.Name is ['I', >= 'A' and <= 'Z', ..] ? type.Name[1..] : type.Name;
        var definition = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return string.Concat(type.GetGenericArguments().Select(Of)) + definition;
    }

    public static string Of(PropertyInfo property) => Given(property) ?? CamelCase(property.Name);

    public static string Of(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? CamelCase(parameter.Name!);

    /// <summary>The field of a method, without "Get" and "Async".</summary>
    public static string Of(MethodInfo method)
    {
        if (Given(method) is { } given)
            return given;
        var name = method.Name;
        if (name.Length > AsyncSuffix.Length && name.EndsWith(AsyncSuffix, StringComparison.Ordinal))
            name = name[..^AsyncSuffix.Length];
        if (name.Length > GetPrefix.Length && name.StartsWith(GetPrefix, StringComparison.Ordinal) &&
            char.IsUpper(name[GetPrefix.Length]))
        {
            name = name[GetPrefix.Length..];
        }

        return CamelCase(name);
    }

    public static string OfEnumValue(FieldInfo value) =>
        Given(value) ?? JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.Name);

    /// <summary>Specification 2.1.9.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') &&
        name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>Names that begin with "__" are the specification's own (specification 4).</summary>
    public static bool IsReserved(string type, string name) =>
        name.StartsWith("__", StringComparison.Ordinal) && !type.StartsWith("__", StringComparison.Ordinal);

    private static string? Given(MemberInfo member) => member.GetCustomAttribute<GraphQLNameAttribute>()?.Name;

    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
