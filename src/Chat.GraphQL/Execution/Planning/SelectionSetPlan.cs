using System.Text;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>The merged fields of a selection set on one object type, in the order of the response.</summary>
internal sealed class SelectionSetPlan(ObjectType type, FieldPlan[] fields)
{
    public ObjectType Type { get; } = type;

    public FieldPlan[] Fields { get; } = fields;

    /// <summary>
    /// The fields' response names as JSON, each with the brace or comma before it and the colon after it.
    /// </summary>
    public byte[][] EncodedNames { get; } =
    [
        .. fields.Select((field, i) => Encoding.UTF8.GetBytes(
            $"{(i == 0 ? '{' : ',')}\"{JsonEncodedText.Encode(field.ResponseName)}\":")),
    ];
}
