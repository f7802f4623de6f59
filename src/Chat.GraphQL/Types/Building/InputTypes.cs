using System.Linq.Expressions;
using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Maps C# types to input types (specification 3.4.2): scalars, enums and input objects.</summary>
internal sealed class InputTypes(EnumTypes enums, List<string> problems)
{
    private readonly Dictionary<Type, InputObjectType> objects = [];

    public IEnumerable<NamedType> All => objects.Values;

    /// <summary>The type of an argument or input field; null, with a problem noted, when there is none.</summary>
    public GraphQLType? Map(ClrTypeShape shape, bool isID, string place)
    {
        GraphQLType? type = shape.Element is { } element
            ? Map(element, isID, place)?.List
            : MapValue(shape.Value, isID, place);
        return type is null || shape.IsNullable ? type : type.NonNull;
    }

    public Argument? Argument(ParameterInfo parameter, string coordinate)
    {
        var shape = ClrTypeShape.Of(parameter);
        var name = Names.Of(parameter);
        var place = $"argument {coordinate}({name}:)";
        var isID = parameter.IsDefined(typeof(IDAttribute));
        if (Map(shape, isID, place) is not { } type)
            return null;
        var given = parameter.GetCustomAttribute<DefaultValueAttribute>();
        return new Argument(name, type, coordinate)
        {
            Description = parameter.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description,
            DeprecationReason = parameter.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            DefaultLiteral = Default(type, given, parameter, place),
            ToClr = InputConverters.For(shape, type),
        };
    }

    private NamedType? MapValue(Type clr, bool isID, string place)
    {
        if (isID && Scalars.CanBeID(clr))
            return Scalars.ID;
        if (Scalars.Of(clr) is { } scalar)
            return scalar;
        if (clr.IsEnum)
            return enums.Map(clr);
        var isForeign = clr.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;
        if (clr.IsInterface || clr.IsAbstract || clr == typeof(object) || isForeign)
        {
            problems.Add($"The type {clr.Name} of {place} is neither an input type nor a registered service.");
            return null;
        }

        return MapObject(clr);
    }

    private InputObjectType MapObject(Type clr)
    {
        if (objects.TryGetValue(clr, out var known))
            return known;
        var type = new InputObjectType(Names.Of(clr))
        {
            Description = clr.GetCustomAttribute<GraphQLDescriptionAttribute>(inherit: false)?.Description,
            IsOneOf = clr.IsDefined(typeof(OneOfAttribute), inherit: false),
        };
        // Known before its fields are mapped: an input object may contain itself.
        objects.Add(clr, type);
        var constructor = Constructor(clr);
        var members = new List<(PropertyInfo Property, ParameterInfo? Parameter)>();
        foreach (var property in Properties(clr))
        {
            var parameter = constructor?.GetParameters().FirstOrDefault(
                candidate => string.Equals(candidate.Name, property.Name, StringComparison.OrdinalIgnoreCase));
            if (parameter is null && property.SetMethod is not { IsPublic: true })
                continue;
            if (AddField(type, property, parameter))
                members.Add((property, parameter));
        }

        if (constructor is null && !clr.IsValueType)
            problems.Add($"The input type {clr.Name} has no constructor whose parameters are its properties.");
        else
            type.Create = Creator(clr, constructor, members);
        return type;
    }

    private bool AddField(InputObjectType type, PropertyInfo property, ParameterInfo? parameter)
    {
        var shape = ClrTypeShape.Of(property, isInput: true);
        var name = Names.Of(property);
        var place = $"input field {type}.{name}";
        if (Map(shape, property.IsDefined(typeof(IDAttribute)), place) is not { } fieldType)
            return false;
        type.Add(new InputField(name, fieldType, type.Name)
        {
            Description = property.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description,
            DeprecationReason = property.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            DefaultLiteral = Default(
                fieldType, property.GetCustomAttribute<DefaultValueAttribute>(), parameter, place),
            ToClr = InputConverters.For(shape, fieldType),
        });
        return true;
    }

    private ValueNode? Default(GraphQLType type, DefaultValueAttribute? given, ParameterInfo? parameter, string place)
    {
        // A default of null says no more than that the value may be left out.
        var value = given is not null ? given.Value
            : parameter is { HasDefaultValue: true } ? parameter.DefaultValue
            : null;
        if (value is null)
            return null;
        var literal = Literals.Of(value, type);
        if (literal is null || !LiteralCoercion.TryCoerce(literal, type, VariableValues.None, out _))
        {
            problems.Add($"The default value of {place} is not of type \"{type}\".");
            return null;
        }

        return literal;
    }

    /// <summary>The constructor with the most parameters, all of which are properties.</summary>
    private static ConstructorInfo? Constructor(Type clr) => clr.GetConstructors()
        .Where(constructor => constructor.GetParameters().All(parameter => clr.GetProperties().Any(
            property => string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase))))
        .MaxBy(constructor => constructor.GetParameters().Length);

    private static IEnumerable<PropertyInfo> Properties(Type clr) => clr
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0)
        .Where(property => !property.IsDefined(typeof(GraphQLIgnoreAttribute)));

    private static Func<object?[], object?> Creator(
        Type clr, ConstructorInfo? constructor, List<(PropertyInfo Property, ParameterInfo? Parameter)> members)
    {
        var values = Expression.Parameter(typeof(object?[]), "values");
        Expression ValueAt(int index, Type type) =>
            Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(index)), type);
        var arguments = constructor?.GetParameters().Select(parameter =>
        {
            var index = members.FindIndex(member => member.Parameter == parameter);
            return index < 0 ? Expression.Default(parameter.ParameterType) : ValueAt(index, parameter.ParameterType);
        });
        var creation = constructor is null ? Expression.New(clr) : Expression.New(constructor, arguments!);
        var bindings = members.Index().Where(member => member.Item.Parameter is null).Select(member =>
            Expression.Bind(member.Item.Property, ValueAt(member.Index, member.Item.Property.PropertyType)));
        var body = Expression.Convert(Expression.MemberInit(creation, bindings), typeof(object));
        return Expression.Lambda<Func<object?[], object?>>(body, values).Compile();
    }
}
