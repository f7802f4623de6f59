namespace Chat.GraphQL.Oracle;

/// <summary>The text is no schema.</summary>
internal sealed class OracleSchemaException(string message) : Exception(message);

/// <summary>Builds a schema from its definition, with the resolvers of tests/graphql-oracle/oracle.cjs.</summary>
internal sealed class OracleSchema
{
    private readonly Dictionary<string, NamedType> types = new(StringComparer.Ordinal);
    private readonly OracleDefinitions definitions;

    private OracleSchema(string sdl) => definitions = new OracleDefinitions(Parser.Parse(sdl));

    public static Schema Build(string sdl) => new OracleSchema(sdl).Build();

    private Schema Build()
    {
        foreach (var scalar in Scalars.Specified)
            types.Add(scalar.Name, scalar);
        foreach (var definition in definitions.Types)
            types[definition.Name.Value] = Create(definition);
        foreach (var definition in definitions.Types)
            Complete(definition);
        var directives = definitions.Directives.Select(CreateDirective).ToList();
        var ordered = OracleTypeOrder.Of(
            [.. definitions.Types.Select(definition => types[definition.Name.Value])],
            directives.Concat(DirectiveType.Specified));
        foreach (var @interface in ordered.OfType<InterfaceType>())
        {
            @interface.PossibleTypes =
                [.. ordered.OfType<ObjectType>().Where(type => type.Interfaces.Contains(@interface))];
        }

        var objects = types.Values.OfType<ObjectType>().ToDictionary(type => type.Name);
        return new Schema(
            ordered, value => value is OracleValue { TypeName: { } name } ? objects.GetValueOrDefault(name) : null,
            directives)
        {
            Description = definitions.Description,
            QueryType = Root(OperationKind.Query) ??
                throw new OracleSchemaException("Query root type must be provided."),
            MutationType = Root(OperationKind.Mutation),
            SubscriptionType = Root(OperationKind.Subscription),
        };
    }

    private ObjectType? Root(OperationKind operation) =>
        definitions.RootType(operation) is { } name ? types.GetValueOrDefault(name) as ObjectType : null;

    private NamedType Create(TypeDefinitionNode definition)
    {
        var name = definition.Name.Value;
        NamedType type = definition switch
        {
            ScalarTypeNode => new OracleScalar(name)
            {
                SpecifiedByUrl = definitions.Applied(definition, DirectiveType.SpecifiedBy),
            },
            EnumTypeNode node => new EnumType(
                name, [.. definitions.Parts(node, part => part.Values).Select(CreateMember)]),
            InputObjectTypeNode => new InputObjectType(name)
            {
                IsOneOf = definitions.Applied(definition, DirectiveType.OneOf) is not null,
            },
            FieldsTypeNode { IsInterface: true } => new InterfaceType(name),
            FieldsTypeNode => new ObjectType(name),
            UnionTypeNode => new UnionType(name),
            _ => throw new InvalidOperationException(definition.GetType().Name),
        };
        type.Description = definition.Description?.Value;
        return type;
    }

    private static EnumMember CreateMember(EnumValueDefinitionNode node) => new(
        node.Name.Value, node.Name.Value, node.Description?.Value, OracleDefinitions.DeprecationReason(node));

    private void Complete(TypeDefinitionNode definition)
    {
        switch (definition, types[definition.Name.Value])
        {
            case (InputObjectTypeNode node, InputObjectType type):
                foreach (var field in definitions.Parts(node, part => part.Fields))
                    type.Add(CreateInputField(type, field));
                type.Create = values => Given(type.Fields, values);
                break;
            case (FieldsTypeNode node, FieldsType type):
                foreach (var field in definitions.Parts(node, part => part.Fields))
                    type.Put(CreateField(type, field));
                type.Interfaces.AddRange(definitions.Parts(node, part => part.Interfaces)
                    .Select(Find<InterfaceType>));
                if (type is ObjectType self)
                    self.PossibleTypes = [self];
                break;
            case (UnionTypeNode node, UnionType type):
                type.PossibleTypes = [.. definitions.Parts(node, part => part.Types)
                    .Select(Find<ObjectType>)];
                break;
        }
    }

    private InputField CreateInputField(InputObjectType type, InputValueDefinitionNode node) =>
        new(node.Name.Value, TypeOf(node.Type), type.Name)
        {
            Description = node.Description?.Value,
            DeprecationReason = OracleDefinitions.DeprecationReason(node),
            DefaultLiteral = node.DefaultValue,
            ToClr = value => value,
        };

    private Field CreateField(FieldsType type, FieldDefinitionNode node)
    {
        var fieldType = TypeOf(node.Type);
        var name = node.Name.Value;
        List<Argument> arguments = [.. node.Arguments.Select(
            argument => CreateArgument(argument, $"{type.Name}.{name}"))];
        return new Field(name, fieldType)
        {
            Description = node.Description?.Value,
            DeprecationReason = OracleDefinitions.DeprecationReason(node),
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
            Description = node.Description?.Value,
            DeprecationReason = OracleDefinitions.DeprecationReason(node),
            DefaultLiteral = node.DefaultValue,
            ToClr = value => value,
        };

    private DirectiveType CreateDirective(DirectiveDefinitionNode node) =>
        new(node.Name.Value, [.. node.Locations.Select(location => location.Value)])
        {
            Description = node.Description?.Value,
            DeprecationReason = definitions.DeprecationReason(node),
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
        NamedTypeNode named => Find<NamedType>(named),
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    private TType Find<TType>(NamedTypeNode reference) where TType : NamedType =>
        types.GetValueOrDefault(reference.Name.Value) as TType ??
        throw new OracleSchemaException($"Unknown type \"{reference}\".");

    /// <summary>Hands a resolver all of its arguments as they were coerced.</summary>
    private sealed class ArgumentsBinding : ParameterBinding
    {
        public override object? Bind(OperationRun run, object?[] arguments) => arguments;
    }
}
