namespace Chat.GraphQL;

/// <summary>A directive that documents may use (specification 3.13).</summary>
internal sealed class DirectiveType(string name, params string[] locations)
{
    /// <summary>The reason of a deprecation that gives none.</summary>
    public const string NoReason = "No longer supported";

    public static readonly DirectiveType Skip = new("skip", "FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT")
    {
        Description = "Directs the executor to skip this field or fragment when the `if` argument is true.",
        Arguments = [new Argument("if", Scalars.Boolean.NonNull, "@skip") { Description = "Skipped when true." }],
    };

    public static readonly DirectiveType Include = new("include", "FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT")
    {
        Description = "Directs the executor to include this field or fragment only when the `if` argument is true.",
        Arguments = [new Argument("if", Scalars.Boolean.NonNull, "@include") { Description = "Included when true." }],
    };

    public static readonly DirectiveType Deprecated = new(
        "deprecated", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE",
        "DIRECTIVE_DEFINITION")
    {
        Description = "Marks an element of a GraphQL schema as no longer supported.",
        Arguments =
        [
            new Argument("reason", Scalars.String.NonNull, "@deprecated")
            {
                Description =
                    "Explains why this element was deprecated, usually also including a suggestion for how to access " +
                    "supported similar data. Formatted using the Markdown syntax, as specified by " +
                    "[CommonMark](https://commonmark.org/).",
                DefaultLiteral = new StringValueNode(0, NoReason),
            },
        ],
    };

    public static readonly DirectiveType SpecifiedBy = new("specifiedBy", "SCALAR")
    {
        Description = "Exposes a URL that specifies the behavior of this scalar.",
        Arguments =
        [
            new Argument("url", Scalars.String.NonNull, "@specifiedBy")
            {
                Description = "The URL that specifies the behavior of this scalar.",
            },
        ],
    };

    public static readonly DirectiveType OneOf = new("oneOf", "INPUT_OBJECT")
    {
        Description = "Indicates exactly one field must be supplied and this field must not be `null`.",
    };

    /// <summary>The directives that every schema has.</summary>
    public static readonly IReadOnlyList<DirectiveType> Specified = [Include, Skip, Deprecated, SpecifiedBy, OneOf];

    public string Name { get; } = name;

    public IReadOnlyList<string> Locations { get; } = locations;

    public string? Description { get; init; }

    public string? DeprecationReason { get; init; }

    /// <summary>The C# class that it is mapped from, as problems of the schema name it.</summary>
    public string? Origin { get; init; }

    public bool IsRepeatable { get; init; }

    public IReadOnlyList<Argument> Arguments { get; set; } = [];

    public Argument? FindArgument(string argument) => Arguments.FirstOrDefault(candidate => candidate.Name == argument);
}
