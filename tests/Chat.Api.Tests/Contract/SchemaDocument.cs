using Chat.GraphQL;

namespace Chat.Api.Tests.Contract;

/// <summary>A schema as its SDL says it: what is in it, each with its type.</summary>
internal sealed class SchemaDocument
{
    private readonly Dictionary<string, DefinitionNode> _types = new(StringComparer.Ordinal);

    public SchemaDocument(string sdl)
    {
        foreach (var definition in Parser.Parse(sdl).Definitions)
        {
            if (definition is TypeDefinitionNode type)
                _types.Add(type.Name.Value, type);
            else if (definition is SchemaNode schema)
                AddRoots(schema);
        }

        // Specification 3.3.1: roots of these names need not be said.
        foreach (var root in new[] { "Query", "Mutation", "Subscription" }.Where(_types.ContainsKey))
            Members.TryAdd($"schema.{root}", root);
        foreach (var (name, type) in _types)
            AddMembers(name, type);
    }

    /// <summary>
    /// Types, fields, arguments, values, members of unions and roots by their names ("Query.room(id)"), each with what
    /// must agree: kind, type, default.
    /// </summary>
    public Dictionary<string, string> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>The arguments and input fields that whoever leaves them out is refused for.</summary>
    public HashSet<string> Required { get; } = new(StringComparer.Ordinal);

    public FieldsTypeNode? FieldsOf(string type) => _types.GetValueOrDefault(type) as FieldsTypeNode;

    public InputObjectTypeNode? InputOf(string type) => _types.GetValueOrDefault(type) as InputObjectTypeNode;

    public bool IsEnum(string type) => _types.GetValueOrDefault(type) is EnumTypeNode;

    /// <summary>Whether values of the type are objects of this one and no other.</summary>
    public bool IsObject(string type) => FieldsOf(type) is { IsInterface: false };

    /// <summary>Whether an object of the type fulfils the condition of a fragment.</summary>
    public bool Fulfils(string objectType, string condition) => objectType == condition
        || FieldsOf(objectType)?.Interfaces.Any(type => type.Name.Value == condition) == true
        || _types.GetValueOrDefault(condition) is UnionTypeNode union
            && union.Types.Any(type => type.Name.Value == objectType);

    public static string NameOf(TypeNode type) => type switch
    {
        NonNullTypeNode nonNull => NameOf(nonNull.Type),
        ListTypeNode list => NameOf(list.Type),
        _ => type.ToString()!,
    };

    private void AddRoots(SchemaNode schema)
    {
        foreach (var root in schema.OperationTypes)
            Members[$"schema.{root.Operation}"] = root.Type.ToString();
    }

    private void AddMembers(string name, DefinitionNode type)
    {
        Members[name] = type switch
        {
            FieldsTypeNode { IsInterface: true } => "interface",
            FieldsTypeNode => "type",
            UnionTypeNode => "union",
            EnumTypeNode => "enum",
            InputObjectTypeNode => "input",
            _ => "scalar",
        };
        switch (type)
        {
            case FieldsTypeNode fields:
                foreach (var implemented in fields.Interfaces)
                    Members[$"{name} implements {implemented}"] = "";
                foreach (var field in fields.Fields)
                    AddField($"{name}.{field.Name.Value}", field);
                break;
            case UnionTypeNode union:
                foreach (var member in union.Types)
                    Members[$"{name} | {member}"] = "";
                break;
            case EnumTypeNode values:
                foreach (var value in values.Values)
                    Members[$"{name}.{value.Name.Value}"] = "";
                break;
            case InputObjectTypeNode input:
                foreach (var field in input.Fields)
                    AddInput($"{name}.{field.Name.Value}", field);
                break;
        }
    }

    private void AddField(string name, FieldDefinitionNode field)
    {
        Members[name] = field.Type.ToString()!;
        foreach (var argument in field.Arguments)
            AddInput($"{name}({argument.Name.Value})", argument);
    }

    private void AddInput(string name, InputValueDefinitionNode input)
    {
        Members[name] = input.Type + (input.DefaultValue is { } value ? $" = {Printer.Print(value)}" : "");
        if (input.Type is NonNullTypeNode && input.DefaultValue is null)
            Required.Add(name);
    }
}
