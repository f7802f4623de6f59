using System.Text.Json;
using Chat.GraphQL;

namespace Chat.Api.Tests.Contract;

/// <summary>
/// Which members of the schema the answers show at work: a field by a value in a response (of a list, one entry), an
/// argument or input field by a value sent to a field that answered, of a mutation without errors. Introspection,
/// refusals and nulls show nothing.
/// </summary>
internal sealed class ReachedFields(SchemaDocument schema)
{
    private readonly SchemaDocument _schema = schema;
    private readonly Dictionary<string, DocumentNode> _documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reached = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _reached;

    public void Add(string document, JsonElement? variables, JsonElement response)
    {
        if (!response.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
            return;
        // Clients of several threads: what they send is read one after the other.
        lock (_reached)
        {
            if (!_documents.TryGetValue(document, out var parsed))
                _documents[document] = parsed = Parser.Parse(document);
            var operation = parsed.Definitions.OfType<OperationNode>().First();
            new Walk(this, parsed, operation, variables).Object(
                operation.SelectionSet, operation.Kind.ToString(), data);
        }
    }

    private sealed class Walk(
        ReachedFields fields, DocumentNode document, OperationNode operation, JsonElement? variables)
    {
        private readonly SchemaDocument _schema = fields._schema;

        public void Object(SelectionSetNode selections, string type, JsonElement value)
        {
            var actual = _schema.IsObject(type) ? type : TypeNameIn(selections, value);
            Selections(selections, type, actual, value);
        }

        private void Selections(SelectionSetNode selections, string type, string? actual, JsonElement value)
        {
            foreach (var selection in selections.Selections)
            {
                var (condition, inner) = selection switch
                {
                    InlineFragmentNode inline => (inline.TypeCondition?.ToString() ?? type, inline.SelectionSet),
                    FragmentSpreadNode spread => Fragment(spread.Name.Value),
                    _ => ("", null),
                };
                if (selection is FieldNode field)
                    Field(field, type, actual, value);
                else if (actual is not null && _schema.Fulfils(actual, condition))
                    Selections(inner!, condition, actual, value);
            }
        }

        private void Field(FieldNode field, string type, string? actual, JsonElement parent)
        {
            var name = field.Name.Value;
            var definition = _schema.FieldsOf(type)?.Fields.FirstOrDefault(one => one.Name.Value == name);
            if (definition is null || !parent.TryGetProperty(field.ResponseName, out var value) || IsEmpty(value))
                return;
            var valueType = SchemaDocument.NameOf(definition.Type);
            if (type == "Mutation" && !Succeeded(value))
            {
                // The refusal itself is still an answer.
                Values(field, valueType, value);
                return;
            }

            foreach (var owner in actual is null || actual == type ? [type] : new[] { type, actual })
            {
                fields.Reach($"{owner}.{name}");
                foreach (var argument in field.Arguments)
                    Argument($"{owner}.{name}({argument.Name.Value})", definition, argument);
            }

            Values(field, valueType, value);
        }

        private void Values(FieldNode field, string type, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var entry in value.EnumerateArray())
                    Values(field, type, entry);
            }
            else if (value.ValueKind == JsonValueKind.Object && field.SelectionSet is { } selections)
            {
                Object(selections, type, value);
            }
            else if (value.ValueKind == JsonValueKind.String && _schema.IsEnum(type))
            {
                fields.Reach($"{type}.{value.GetString()}");
            }
        }

        private void Argument(string name, FieldDefinitionNode definition, ArgumentNode argument)
        {
            var type = definition.Arguments.First(one => one.Name.Value == argument.Name.Value).Type;
            if (Input(SchemaDocument.NameOf(type), argument.Value))
                fields.Reach(name);
        }

        private bool Input(string type, ValueNode value)
        {
            switch (value)
            {
                case NullValueNode:
                    return false;
                case VariableNode variable:
                    if (variables is { ValueKind: JsonValueKind.Object } given
                        && given.TryGetProperty(variable.Name.Value, out var json))
                        return Input(type, json);
                    return operation.Variables.FirstOrDefault(one => one.Variable.Name.Value == variable.Name.Value)
                        ?.DefaultValue is { } byDefault && Input(type, byDefault);
                case ListValueNode list:
                    return list.Values.Select(entry => Input(type, entry)).ToList().Contains(true);
                case ObjectValueNode fieldsOf:
                    foreach (var field in fieldsOf.Fields)
                    {
                        if (InputType(type, field.Name.Value) is { } fieldType && Input(fieldType, field.Value))
                            fields.Reach($"{type}.{field.Name.Value}");
                    }

                    return true;
                case EnumValueNode one:
                    fields.Reach($"{type}.{one.Value}");
                    return true;
                default:
                    return true;
            }
        }

        private bool Input(string type, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null or JsonValueKind.Undefined:
                    return false;
                case JsonValueKind.Array:
                    return value.EnumerateArray().Select(entry => Input(type, entry)).ToList().Contains(true);
                case JsonValueKind.Object:
                    foreach (var field in value.EnumerateObject())
                    {
                        if (InputType(type, field.Name) is { } fieldType && Input(fieldType, field.Value))
                            fields.Reach($"{type}.{field.Name}");
                    }

                    return true;
                case JsonValueKind.String when _schema.IsEnum(type):
                    fields.Reach($"{type}.{value.GetString()}");
                    return true;
                default:
                    return true;
            }
        }

        private string? InputType(string type, string field) =>
            _schema.InputOf(type)?.Fields.FirstOrDefault(one => one.Name.Value == field) is { } found
                ? SchemaDocument.NameOf(found.Type)
                : null;

        private (string Condition, SelectionSetNode Selections) Fragment(string name)
        {
            var fragment = document.Definitions.OfType<FragmentNode>().First(one => one.Name.Value == name);
            return (fragment.TypeCondition.ToString(), fragment.SelectionSet);
        }

        private static string? TypeNameIn(SelectionSetNode selections, JsonElement value) =>
            selections.Selections.OfType<FieldNode>().FirstOrDefault(one => one.Name.Value == "__typename") is { } name
            && value.TryGetProperty(name.ResponseName, out var type)
                ? type.GetString()
                : null;

        private static bool IsEmpty(JsonElement value) =>
            value.ValueKind is JsonValueKind.Null
            || value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsEmpty);

        private static bool Succeeded(JsonElement payload) =>
            payload.TryGetProperty("errors", out var errors) && errors.GetArrayLength() == 0;
    }

    private void Reach(string name) => _reached.Add(name);
}
