namespace Chat.GraphQL;

/// <summary>Parses definitions and extensions of the type system (specification 3).</summary>
internal sealed partial class Parser
{
    private static readonly HashSet<string> DirectiveLocations =
    [
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION", "FRAGMENT_VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION",
        "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
        "DIRECTIVE_DEFINITION",
    ];

    private TypeSystemNode ParseExtension()
    {
        var keyword = lexer.Peek();
        if (keyword.Kind == TokenKind.Name && keyword.Value is
            "schema" or "scalar" or "type" or "interface" or "union" or "enum" or "input" or "directive")
        {
            return ParseTypeSystem(keyword.Value, isExtension: true);
        }

        throw Unexpected(keyword);
    }

    private TypeSystemNode ParseTypeSystem(string keyword, bool isExtension)
    {
        var start = token.Start;
        var description = ParseDescription();
        if (isExtension)
            ExpectKeyword("extend");
        ExpectKeyword(keyword);
        return keyword switch
        {
            "schema" => ParseSchema(start, description, isExtension),
            "scalar" => ParseScalar(start, description, isExtension),
            "type" or "interface" => ParseFieldsType(start, description, keyword == "interface", isExtension),
            "union" => ParseUnion(start, description, isExtension),
            "enum" => ParseEnum(start, description, isExtension),
            "input" => ParseInputObject(start, description, isExtension),
            _ => ParseDirectiveDefinition(start, description, isExtension),
        };
    }

    private SchemaNode ParseSchema(int start, StringValueNode? description, bool isExtension)
    {
        var directives = ParseDirectives(isConst: true);
        var operations = isExtension
            ? OptionalMany(TokenKind.BraceLeft, ParseOperationType, TokenKind.BraceRight)
            : Many(TokenKind.BraceLeft, ParseOperationType, TokenKind.BraceRight);
        RequireContent(isExtension, directives.Length + operations.Length);
        return new SchemaNode(start, description, directives, operations, isExtension);
    }

    private OperationTypeNode ParseOperationType()
    {
        var start = token.Start;
        var operation = ParseOperationKind();
        Expect(TokenKind.Colon);
        return new OperationTypeNode(start, operation, ParseNamedType());
    }

    private ScalarTypeNode ParseScalar(int start, StringValueNode? description, bool isExtension)
    {
        var name = ParseName();
        var directives = ParseDirectives(isConst: true);
        RequireContent(isExtension, directives.Length);
        return new ScalarTypeNode(start, description, name, directives, isExtension);
    }

    private FieldsTypeNode ParseFieldsType(
        int start, StringValueNode? description, bool isInterface, bool isExtension)
    {
        var name = ParseName();
        var interfaces = SkipKeyword("implements") ? Delimited(TokenKind.Ampersand, ParseNamedType) : [];
        var directives = ParseDirectives(isConst: true);
        var fields = OptionalMany(TokenKind.BraceLeft, ParseFieldDefinition, TokenKind.BraceRight);
        RequireContent(isExtension, interfaces.Length + directives.Length + fields.Length);
        return new FieldsTypeNode(start, description, name, isInterface, interfaces, directives, fields, isExtension);
    }

    private FieldDefinitionNode ParseFieldDefinition()
    {
        var start = token.Start;
        var description = ParseDescription();
        var name = ParseName();
        var arguments = OptionalMany(TokenKind.ParenLeft, ParseInputValueDefinition, TokenKind.ParenRight);
        Expect(TokenKind.Colon);
        var type = ParseTypeReference();
        return new FieldDefinitionNode(start, description, name, arguments, type, ParseDirectives(isConst: true));
    }

    private InputValueDefinitionNode ParseInputValueDefinition()
    {
        var start = token.Start;
        var description = ParseDescription();
        var name = ParseName();
        Expect(TokenKind.Colon);
        var type = ParseTypeReference();
        var defaultValue = Skip(TokenKind.Equals) ? ParseValue(isConst: true) : null;
        return new InputValueDefinitionNode(
            start, description, name, type, defaultValue, ParseDirectives(isConst: true));
    }

    private UnionTypeNode ParseUnion(int start, StringValueNode? description, bool isExtension)
    {
        var name = ParseName();
        var directives = ParseDirectives(isConst: true);
        var types = Skip(TokenKind.Equals) ? Delimited(TokenKind.Pipe, ParseNamedType) : [];
        RequireContent(isExtension, directives.Length + types.Length);
        return new UnionTypeNode(start, description, name, directives, types, isExtension);
    }

    private EnumTypeNode ParseEnum(int start, StringValueNode? description, bool isExtension)
    {
        var name = ParseName();
        var directives = ParseDirectives(isConst: true);
        var values = OptionalMany(TokenKind.BraceLeft, ParseEnumValueDefinition, TokenKind.BraceRight);
        RequireContent(isExtension, directives.Length + values.Length);
        return new EnumTypeNode(start, description, name, directives, values, isExtension);
    }

    private EnumValueDefinitionNode ParseEnumValueDefinition()
    {
        var start = token.Start;
        var description = ParseDescription();
        if (token.Value is "true" or "false" or "null" && token.Kind == TokenKind.Name)
            throw Error(token.Start, $"{token} is reserved and cannot be used for an enum value.");
        return new EnumValueDefinitionNode(start, description, ParseName(), ParseDirectives(isConst: true));
    }

    private InputObjectTypeNode ParseInputObject(int start, StringValueNode? description, bool isExtension)
    {
        var name = ParseName();
        var directives = ParseDirectives(isConst: true);
        var fields = OptionalMany(TokenKind.BraceLeft, ParseInputValueDefinition, TokenKind.BraceRight);
        RequireContent(isExtension, directives.Length + fields.Length);
        return new InputObjectTypeNode(start, description, name, directives, fields, isExtension);
    }

    private DirectiveDefinitionNode ParseDirectiveDefinition(
        int start, StringValueNode? description, bool isExtension)
    {
        Expect(TokenKind.At);
        var name = ParseName();
        if (isExtension)
        {
            var extension = ParseDirectives(isConst: true);
            RequireContent(isExtension, extension.Length);
            return new DirectiveDefinitionNode(start, description, name, [], extension, false, [], isExtension);
        }

        var arguments = OptionalMany(TokenKind.ParenLeft, ParseInputValueDefinition, TokenKind.ParenRight);
        var directives = ParseDirectives(isConst: true);
        var isRepeatable = SkipKeyword("repeatable");
        ExpectKeyword("on");
        var locations = Delimited(TokenKind.Pipe, ParseDirectiveLocation);
        return new DirectiveDefinitionNode(
            start, description, name, arguments, directives, isRepeatable, locations, isExtension);
    }

    private NameNode ParseDirectiveLocation()
    {
        var start = token;
        var name = ParseName();
        return DirectiveLocations.Contains(name.Value) ? name : throw Unexpected(start);
    }

    /// <summary>An extension that extends nothing is a syntax error.</summary>
    private void RequireContent(bool isExtension, int parts)
    {
        if (isExtension && parts == 0)
            throw Unexpected(token);
    }
}
