using System.Linq.Expressions;
using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Maps C# types to input types (specification 3.4.2): scalars, enums and input objects.</summary>
internal sealed class InputTypes(EnumTypes enums, ScalarTypes scalars, Elements elements, SchemaProblems problems)
{
    private readonly Dictionary<Type, InputObjectType> objects = [];

    public IEnumerable<NamedType> All => objects.Values;

    public Argument? Argument(ParameterInfo parameter, string coordinate)
    {
        var shape = ClrTypeShape.Of(parameter);
        var name = Names.Of(parameter);
        var origin = SchemaProblems.NameOf(parameter);
        var place = SchemaProblems.Place($"{coordinate}({name}:)", origin);
        if (Map(shape, parameter.IsDefined(typeof(IDAttribute)), place) is not { } type)
            return null;
        var given = parameter.GetCustomAttribute<DefaultValueAttribute>();
        return new Argument(name, type, coordinate)
        {
            Description = Elements.DescriptionOf(parameter),
            DeprecationReason = Elements.DeprecationOf(parameter),
            Origin = origin,
            Applied = elements.AppliedTo(parameter, DirectiveLocation.ArgumentDefinition, place),
            DefaultLiteral = Default(type, given, parameter, place),
            ToClr = InputConverters.For(shape, type),
        };
    }

    /// <summary>The arguments of a directive: the properties of its class.</summary>
    public IEnumerable<(Argument Argument, PropertyInfo Property)> DirectiveArguments(Type clr, string directive)
    {
        var constructors = clr.GetConstructors().SelectMany(constructor => constructor.GetParameters()).ToList();
        foreach (var property in Properties(clr).Where(property => property.DeclaringType != typeof(Attribute)))
        {
            var shape = ClrTypeShape.Of(property, isInput: true);
            var name = Names.Of(property);
            var coordinate = "@" + directive;
            var place = SchemaProblems.Place($"{coordinate}({name}:)", SchemaProblems.NameOf(property));
            if (Map(shape, property.IsDefined(typeof(IDAttribute)), place) is not { } type)
                continue;
            var parameter = constructors.Find(candidate => IsFor(candidate, property));
            var argument = new Argument(name, type, coordinate)
            {
                Description = Elements.DescriptionOf(property),
                DeprecationReason = Elements.DeprecationOf(property),
                Origin = SchemaProblems.NameOf(property),
                Applied = elements.AppliedTo(property, DirectiveLocation.ArgumentDefinition, place),
                DefaultLiteral = Default(
                    type, property.GetCustomAttribute<DefaultValueAttribute>(), parameter, place),
            };
            yield return (argument, property);
        }
    }

    /// <summary>The type of an argument or input field; null, with a problem noted, when there is none.</summary>
    private GraphQLType? Map(ClrTypeShape shape, bool isID, string place)
    {
        if (shape.Async != AsyncKind.None)
        {
            problems.Add(place, "a task or stream is no input.");
            return null;
        }

        if (shape.Element is not null && !InputConverters.CanMakeList(shape))
        {
            problems.Add(
                place, $"the type {SchemaProblems.NameOf(shape.Clr)} is no list of an input; take an array or a List.");
            return null;
        }

        GraphQLType? type = shape.Element is { } element
            ? Map(element, isID, place)?.List
            : MapValue(shape.Value, isID, place);
        return type is null || shape.IsNullable ? type : type.NonNull;
    }

    private NamedType? MapValue(Type clr, bool isID, string place)
    {
        if (isID)
        {
            if (Scalars.CanBeID(clr))
                return Scalars.ID;
            problems.Add(place, $"the type {SchemaProblems.NameOf(clr)} cannot be an [ID].");
            return null;
        }

        if (scalars.Of(clr) is { } scalar)
            return scalar;
        if (clr.IsEnum)
            return enums.Map(clr);
        var isForeign = clr.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;
        if (clr.IsInterface || clr.IsAbstract || clr == typeof(object) || isForeign)
        {
            problems.Add(
                place,
                $"the type {SchemaProblems.NameOf(clr)} is neither an input type nor a registered service.");
            return null;
        }

        return MapObject(clr);
    }

    private InputObjectType MapObject(Type clr)
    {
        if (objects.TryGetValue(clr, out var known))
            return known;
        var name = Names.Of(clr);
        var place = SchemaProblems.Place(name, SchemaProblems.NameOf(clr));
        var type = new InputObjectType(name)
        {
            Description = Elements.DescriptionOf(clr),
            Origin = SchemaProblems.NameOf(clr),
            Applied = elements.AppliedTo(clr, DirectiveLocation.InputObject, place),
            IsOneOf = clr.IsDefined(typeof(OneOfAttribute), inherit: false),
        };
        if (AuthorizationRules.IsMarked(clr))
            problems.Add(place, "[Authorize] on an input type protects nothing.");
        // Known before its fields are mapped: an input object may contain itself.
        objects.Add(clr, type);
        var constructor = Constructor(clr);
        var members = new List<(PropertyInfo Property, ParameterInfo? Parameter)>();
        foreach (var property in Properties(clr))
        {
            var parameter = constructor?.GetParameters().FirstOrDefault(candidate => IsFor(candidate, property));
            if (parameter is null && property.SetMethod is not { IsPublic: true })
                continue;
            if (AddField(type, property, parameter))
                members.Add((property, parameter));
        }

        if (constructor is null && !clr.IsValueType)
            problems.Add(place, "an input type needs a constructor whose parameters are its properties.");
        else
            type.Create = Creator(clr, constructor, members);
        return type;
    }

    private bool AddField(InputObjectType type, PropertyInfo property, ParameterInfo? parameter)
    {
        var shape = ClrTypeShape.Of(property, isInput: true);
        var name = Names.Of(property);
        var place = SchemaProblems.Place($"{type}.{name}", SchemaProblems.NameOf(property));
        if (Map(shape, property.IsDefined(typeof(IDAttribute)), place) is not { } fieldType)
            return false;
        if (type.FindField(name) is { } other)
        {
            problems.Add(place, $"{other.Origin} is a field of that name too.");
            return false;
        }

        type.Add(new InputField(name, fieldType, type.Name)
        {
            Description = Elements.DescriptionOf(property),
            DeprecationReason = Elements.DeprecationOf(property),
            Origin = SchemaProblems.NameOf(property),
            Applied = elements.AppliedTo(property, DirectiveLocation.InputFieldDefinition, place),
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
            problems.Add(place, $"the default value is not of type \"{type}\".");
            return null;
        }

        return literal;
    }

    /// <summary>The constructor with the most parameters, all of which are properties.</summary>
    private static ConstructorInfo? Constructor(Type clr) => clr.GetConstructors()
        .Where(constructor => constructor.GetParameters().All(
            parameter => clr.GetProperties().Any(property => IsFor(parameter, property))))
        .MaxBy(constructor => constructor.GetParameters().Length);

    private static bool IsFor(ParameterInfo parameter, PropertyInfo property) =>
        string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase);

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
