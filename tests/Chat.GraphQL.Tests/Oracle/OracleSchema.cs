using System.Globalization;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>Builds a schema from its definition, with the resolvers of tests/graphql-oracle/oracle.cjs.</summary>
internal sealed class OracleSchema
{
    private readonly Dictionary<string, NamedType> types = new(StringComparer.Ordinal);
    private readonly DocumentNode document;

    private OracleSchema(string sdl) => document = Parser.Parse(sdl);

    public static Schema Build(string sdl) => new OracleSchema(sdl).Build();

    private Schema Build()
    {
        foreach (var scalar in Scalars.Specified)
            types.Add(scalar.Name, scalar);
        foreach (var definition in document.Definitions.OfType<TypeDefinitionNode>())
            types.Add(definition.Name.Value, Create(definition));
        foreach (var definition in document.Definitions.OfType<TypeDefinitionNode>())
            Complete(definition);
        var directives = document.Definitions.OfType<DirectiveDefinitionNode>().Select(CreateDirective).ToList();
        var objects = types.Values.OfType<ObjectType>().ToDictionary(type => type.Name);
        return new Schema(
            [.. types.Values],
            value => value is OracleValue { TypeName: { } name } ? objects.GetValueOrDefault(name) : null,
            directives)
        {
            QueryType = objects["Query"],
            MutationType = objects.GetValueOrDefault("Mutation"),
            SubscriptionType = objects.GetValueOrDefault("Subscription"),
        };
    }

    private static NamedType Create(TypeDefinitionNode definition)
    {
        var name = definition.Name.Value;
        return definition switch
        {
            ScalarTypeNode => new AnyScalar(name),
            EnumTypeNode node => new EnumType(
                name, [.. node.Values.Select(value => new EnumMember(value.Name.Value, value.Name.Value, null, null))]),
            InputObjectTypeNode => new InputObjectType(name)
            {
                IsOneOf = definition.Directives.Any(directive => directive.Name.Value == "oneOf"),
            },
            FieldsTypeNode { IsInterface: true } => new InterfaceType(name),
            FieldsTypeNode => new ObjectType(name),
            UnionTypeNode => new UnionType(name),
            _ => throw new InvalidOperationException(definition.GetType().Name),
        };
    }

    private void Complete(TypeDefinitionNode definition)
    {
        switch (definition, types[definition.Name.Value])
        {
            case (InputObjectTypeNode node, InputObjectType type):
                foreach (var field in node.Fields)
                {
                    type.Add(new InputField(field.Name.Value, TypeOf(field.Type), type.Name)
                    {
                        DefaultLiteral = field.DefaultValue,
                        ToClr = value => value,
                    });
                }

                type.Create = values => Given(type.Fields, values);
                break;
            case (FieldsTypeNode node, FieldsType type):
                foreach (var field in node.Fields)
                    type.Put(CreateField(type, field));
                foreach (var @interface in node.Interfaces)
                {
                    var implemented = (InterfaceType)types[@interface.Name.Value];
                    type.Interfaces.Add(implemented);
                    if (type is ObjectType member)
                        implemented.PossibleTypes = [.. implemented.PossibleTypes, member];
                }

                if (type is ObjectType self)
                    self.PossibleTypes = [self];
                break;
            case (UnionTypeNode node, UnionType type):
                type.PossibleTypes = [.. node.Types.Select(member => (ObjectType)types[member.Name.Value])];
                break;
        }
    }

    private Field CreateField(FieldsType type, FieldDefinitionNode node)
    {
        var fieldType = TypeOf(node.Type);
        var name = node.Name.Value;
        List<Argument> arguments = [.. node.Arguments.Select(
            argument => CreateArgument(argument, $"{type.Name}.{name}"))];
        return new Field(name, fieldType)
        {
            Arguments = arguments,
            Resolver = new SyncResolver<object>(
                (parent, bound) => OracleValues.Resolve(
                    type.Name, name, fieldType, parent, Given(arguments, (object?[])bound[0]!)),
                [new ArgumentsBinding()],
                OracleCompletion.For(fieldType)),
        };
    }

    private Argument CreateArgument(InputValueDefinitionNode node, string coordinate) =>
        new(node.Name.Value, TypeOf(node.Type), coordinate)
        {
            DefaultLiteral = node.DefaultValue,
            ToClr = value => value,
        };

    private DirectiveType CreateDirective(DirectiveDefinitionNode node) =>
        new(node.Name.Value, [.. node.Locations.Select(location => location.Value)])
        {
            IsRepeatable = node.IsRepeatable,
            Arguments = [.. node.Arguments.Select(argument => CreateArgument(argument, "@" + node.Name.Value))],
        };

    private static SortedDictionary<string, object?> Given(IReadOnlyList<InputValue> inputs, object?[] values)
    {
        var given = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            if (!ReferenceEquals(values[i], InputValue.Absent))
                given.Add(inputs[i].Name, values[i]);
        }

        return given;
    }

    private GraphQLType TypeOf(TypeNode node) => node switch
    {
        ListTypeNode list => TypeOf(list.Type).List,
        NonNullTypeNode nonNull => TypeOf(nonNull.Type).NonNull,
        NamedTypeNode named => types[named.Name.Value],
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    /// <summary>Hands a resolver all of its arguments as they were coerced.</summary>
    private sealed class ArgumentsBinding : ParameterBinding
    {
        public override object? Bind(OperationRun run, object?[] arguments) => arguments;
    }

    /// <summary>A scalar that takes any value.</summary>
    private sealed class AnyScalar(string name) : ScalarType(name)
    {
        public override bool TryReadJson(JsonElement value, out object? result, out string? error)
        {
            error = null;
            result = Read(value);
            return true;
        }

        public override bool TryReadLiteral(
            ValueNode value, VariableValues variables, out object? result, out string? error)
        {
            error = null;
            result = Read(value, variables);
            return true;
        }

        private static object? Read(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Array => value.EnumerateArray().Select(Read).ToArray(),
            JsonValueKind.Object => new SortedDictionary<string, object?>(
                value.EnumerateObject().ToDictionary(property => property.Name, property => Read(property.Value)),
                StringComparer.Ordinal),
            _ => null,
        };

        private static object? Read(ValueNode value, VariableValues variables) => value switch
        {
            IntValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
            FloatValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
            StringValueNode text => text.Value,
            BooleanValueNode boolean => boolean.Value,
            EnumValueNode name => name.Value,
            ListValueNode list => list.Values.Select(item => Read(item, variables)).ToArray(),
            ObjectValueNode input => new SortedDictionary<string, object?>(
                input.Fields
                    .Where(field => field.Value is not VariableNode missing || !variables.IsMissing(missing.Name.Value))
                    .GroupBy(field => field.Name.Value)
                    .ToDictionary(group => group.Key, group => Read(group.Last().Value, variables)),
                StringComparer.Ordinal),
            VariableNode variable => variables.TryGet(variable.Name.Value, out var given) ? given : null,
            _ => null,
        };
    }
}
