namespace Chat.GraphQL;

/// <summary>
/// Parses executable documents (specification 2); the type system's part is in the other half of the class. It
/// descends recursively: <c>maxNesting</c> keeps the stack bounded.
/// </summary>
internal sealed partial class Parser
{
    private readonly Lexer lexer;
    private readonly int maxTokens;
    private readonly int maxNesting;
    private Token token = new(TokenKind.StartOfFile, 0, 0);
    private int tokens;
    private int nesting;

    private Parser(string source, int maxTokens, int maxNesting)
    {
        lexer = new Lexer(source);
        this.maxTokens = maxTokens;
        this.maxNesting = maxNesting;
    }

    public static DocumentNode Parse(string source, int maxTokens = int.MaxValue, int maxNesting = 1_000)
    {
        var parser = new Parser(source, maxTokens, maxNesting);
        return new DocumentNode(
            source, parser.Many(TokenKind.StartOfFile, parser.ParseDefinition, TokenKind.EndOfFile));
    }

    public static TypeNode ParseType(string source)
    {
        var parser = new Parser(source, int.MaxValue, 1_000);
        parser.Advance();
        var type = parser.ParseTypeReference();
        parser.Expect(TokenKind.EndOfFile);
        return type;
    }

    private DefinitionNode ParseDefinition()
    {
        if (token.Kind == TokenKind.BraceLeft)
            return ParseOperation();

        var hasDescription = IsDescription;
        var keyword = hasDescription ? lexer.Peek() : token;
        if (hasDescription && keyword.Kind == TokenKind.BraceLeft)
        {
            throw Error(
                token.Start, "Unexpected description, descriptions are not supported on shorthand queries.");
        }

        if (keyword.Kind != TokenKind.Name)
            throw Unexpected(keyword);
        switch (keyword.Value)
        {
            case "query" or "mutation" or "subscription":
                return ParseOperation();
            case "fragment":
                return ParseFragmentDefinition();
            case "schema" or "scalar" or "type" or "interface" or "union" or "enum" or "input" or "directive":
                return ParseTypeSystem(keyword.Value, isExtension: false);
        }

        if (hasDescription)
            throw Error(token.Start, "Unexpected description, only GraphQL definitions support descriptions.");
        if (keyword.Value == "extend")
            return ParseExtension();
        throw Unexpected(keyword);
    }

    private OperationNode ParseOperation()
    {
        var start = token.Start;
        if (token.Kind == TokenKind.BraceLeft)
            return new OperationNode(start, null, OperationKind.Query, null, [], [], ParseSelectionSet());

        var description = ParseDescription();
        var kind = ParseOperationKind();
        var name = token.Kind == TokenKind.Name ? ParseName() : null;
        var variables = OptionalMany(TokenKind.ParenLeft, ParseVariableDefinition, TokenKind.ParenRight);
        var directives = ParseDirectives(isConst: false);
        return new OperationNode(start, description, kind, name, variables, directives, ParseSelectionSet());
    }

    private OperationKind ParseOperationKind()
    {
        var operation = Expect(TokenKind.Name);
        return operation.Value switch
        {
            "query" => OperationKind.Query,
            "mutation" => OperationKind.Mutation,
            "subscription" => OperationKind.Subscription,
            _ => throw Unexpected(operation),
        };
    }

    private VariableDefinitionNode ParseVariableDefinition()
    {
        var start = token.Start;
        var description = ParseDescription();
        var variable = ParseVariable();
        Expect(TokenKind.Colon);
        var type = ParseTypeReference();
        var defaultValue = Skip(TokenKind.Equals) ? ParseValue(isConst: true) : null;
        return new VariableDefinitionNode(
            start, description, variable, type, defaultValue, ParseDirectives(isConst: true));
    }

    private VariableNode ParseVariable()
    {
        var start = Expect(TokenKind.Dollar).Start;
        return new VariableNode(start, ParseName());
    }

    private SelectionSetNode ParseSelectionSet()
    {
        var start = token.Start;
        Enter();
        var selections = Any(TokenKind.BraceLeft, ParseSelection, TokenKind.BraceRight);
        nesting--;
        return new SelectionSetNode(start, selections);
    }

    private SelectionNode ParseSelection() => token.Kind == TokenKind.Spread ? ParseFragment() : ParseField();

    private FieldNode ParseField()
    {
        var start = token.Start;
        NameNode? alias = null;
        var name = ParseName();
        if (Skip(TokenKind.Colon))
            (alias, name) = (name, ParseName());
        var arguments = ParseArguments(isConst: false);
        var directives = ParseDirectives(isConst: false);
        var selectionSet = token.Kind == TokenKind.BraceLeft ? ParseSelectionSet() : null;
        return new FieldNode(start, alias, name, arguments, directives, selectionSet);
    }

    private SelectionNode ParseFragment()
    {
        var start = Expect(TokenKind.Spread).Start;
        var hasTypeCondition = SkipKeyword("on");
        if (!hasTypeCondition && token.Kind == TokenKind.Name)
            return new FragmentSpreadNode(start, ParseFragmentName(), ParseDirectives(isConst: false));
        var typeCondition = hasTypeCondition ? ParseNamedType() : null;
        return new InlineFragmentNode(start, typeCondition, ParseDirectives(isConst: false), ParseSelectionSet());
    }

    private FragmentNode ParseFragmentDefinition()
    {
        var start = token.Start;
        var description = ParseDescription();
        ExpectKeyword("fragment");
        var name = ParseFragmentName();
        ExpectKeyword("on");
        var typeCondition = ParseNamedType();
        return new FragmentNode(
            start, description, name, typeCondition, ParseDirectives(isConst: false), ParseSelectionSet());
    }

    private NameNode ParseFragmentName() => token.Value == "on" ? throw Unexpected(token) : ParseName();

    private ArgumentNode[] ParseArguments(bool isConst) => token.Kind != TokenKind.ParenLeft
        ? []
        : Many(TokenKind.ParenLeft, () => ParseArgument(isConst), TokenKind.ParenRight);

    private ArgumentNode ParseArgument(bool isConst)
    {
        var start = token.Start;
        var name = ParseName();
        Expect(TokenKind.Colon);
        return new ArgumentNode(start, name, ParseValue(isConst));
    }

    private DirectiveNode[] ParseDirectives(bool isConst)
    {
        if (token.Kind != TokenKind.At)
            return [];
        List<DirectiveNode> directives = [];
        while (token.Kind == TokenKind.At)
        {
            var start = Expect(TokenKind.At).Start;
            directives.Add(new DirectiveNode(start, ParseName(), ParseArguments(isConst)));
        }

        return [.. directives];
    }

    private ValueNode ParseValue(bool isConst)
    {
        var start = token;
        switch (start.Kind)
        {
            case TokenKind.BracketLeft:
                return new ListValueNode(start.Start, ParseItems(
                    TokenKind.BracketLeft, () => ParseValue(isConst), TokenKind.BracketRight));
            case TokenKind.BraceLeft:
                return new ObjectValueNode(start.Start, ParseItems(
                    TokenKind.BraceLeft, () => ParseObjectField(isConst), TokenKind.BraceRight));
            case TokenKind.Int:
                Advance();
                return new IntValueNode(start.Start, start.Value!);
            case TokenKind.Float:
                Advance();
                return new FloatValueNode(start.Start, start.Value!);
            case TokenKind.String or TokenKind.BlockString:
                return ParseString();
            case TokenKind.Name:
                Advance();
                return start.Value switch
                {
                    "true" => new BooleanValueNode(start.Start, true),
                    "false" => new BooleanValueNode(start.Start, false),
                    "null" => new NullValueNode(start.Start),
                    _ => new EnumValueNode(start.Start, start.Value!),
                };
            case TokenKind.Dollar when !isConst:
                return ParseVariable();
            case TokenKind.Dollar:
                Advance();
                throw token.Kind == TokenKind.Name
                    ? Error(start.Start, $"Unexpected variable \"${token.Value}\" in constant value.")
                    : Unexpected(start);
            default:
                throw Unexpected(start);
        }
    }

    private T[] ParseItems<T>(TokenKind open, Func<T> item, TokenKind close)
    {
        Enter();
        var items = Any(open, item, close);
        nesting--;
        return items;
    }

    private ObjectFieldNode ParseObjectField(bool isConst)
    {
        var start = token.Start;
        var name = ParseName();
        Expect(TokenKind.Colon);
        return new ObjectFieldNode(start, name, ParseValue(isConst));
    }

    private StringValueNode ParseString()
    {
        var (kind, start, _, value) = token;
        Advance();
        return new StringValueNode(start, value!, kind == TokenKind.BlockString);
    }

    private TypeNode ParseTypeReference()
    {
        var start = token.Start;
        TypeNode type;
        if (Skip(TokenKind.BracketLeft))
        {
            Enter();
            var inner = ParseTypeReference();
            nesting--;
            Expect(TokenKind.BracketRight);
            type = new ListTypeNode(start, inner);
        }
        else
        {
            type = ParseNamedType();
        }

        return Skip(TokenKind.Bang) ? new NonNullTypeNode(start, type) : type;
    }

    private NamedTypeNode ParseNamedType() => new(token.Start, ParseName());

    private NameNode ParseName()
    {
        var name = Expect(TokenKind.Name);
        return new NameNode(name.Start, name.Value!);
    }

    private bool IsDescription => token.Kind is TokenKind.String or TokenKind.BlockString;

    private StringValueNode? ParseDescription() => IsDescription ? ParseString() : null;

    private T[] Any<T>(TokenKind open, Func<T> item, TokenKind close)
    {
        Expect(open);
        List<T> items = [];
        while (!Skip(close))
            items.Add(item());
        return [.. items];
    }

    private T[] Many<T>(TokenKind open, Func<T> item, TokenKind close)
    {
        Expect(open);
        List<T> items = [];
        do
            items.Add(item());
        while (!Skip(close));
        return [.. items];
    }

    private T[] OptionalMany<T>(TokenKind open, Func<T> item, TokenKind close) =>
        token.Kind == open ? Many(open, item, close) : [];

    private T[] Delimited<T>(TokenKind delimiter, Func<T> item)
    {
        Skip(delimiter);
        List<T> items = [];
        do
            items.Add(item());
        while (Skip(delimiter));
        return [.. items];
    }

    private Token Expect(TokenKind kind)
    {
        var expected = token;
        if (expected.Kind != kind)
            throw Error(expected.Start, $"Expected {Token.Describe(kind)}, found {expected}.");
        Advance();
        return expected;
    }

    private bool Skip(TokenKind kind)
    {
        if (token.Kind != kind)
            return false;
        Advance();
        return true;
    }

    private void ExpectKeyword(string keyword)
    {
        if (!SkipKeyword(keyword))
            throw Error(token.Start, $"Expected \"{keyword}\", found {token}.");
    }

    private bool SkipKeyword(string keyword)
    {
        if (token.Kind != TokenKind.Name || token.Value != keyword)
            return false;
        Advance();
        return true;
    }

    private void Advance()
    {
        // Reading past the end is how the list of definitions closes; the last token stays the end.
        if (token.Kind == TokenKind.EndOfFile)
            return;
        token = lexer.Next();
        if (token.Kind != TokenKind.EndOfFile && ++tokens > maxTokens)
        {
            throw new GraphQLSyntaxException(
                lexer.Source, token.Start, $"Document contains more than {maxTokens} tokens. Parsing aborted.",
                ErrorCodes.DocumentTooLarge);
        }
    }

    private void Enter()
    {
        if (++nesting > maxNesting)
        {
            throw new GraphQLSyntaxException(
                lexer.Source, token.Start, $"Document is nested deeper than {maxNesting} levels. Parsing aborted.",
                ErrorCodes.DocumentTooDeep);
        }
    }

    private GraphQLSyntaxException Unexpected(Token at) => Error(at.Start, $"Unexpected {at}.");

    private GraphQLSyntaxException Error(int position, string message) =>
        new(lexer.Source, position, message, ErrorCodes.ParseFailed);
}
