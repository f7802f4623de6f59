using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Says what is wrong with the JSON value of a variable.</summary>
internal sealed class JsonValidation(bool suggest, Action<string, InputPath?> report)
{
    public void Validate(JsonElement json, GraphQLType type, InputPath? path = null)
    {
        if (type is NonNullType nonNull)
        {
            if (json.ValueKind == JsonValueKind.Undefined)
                report($"Expected a value of non-null type \"{type}\" to be provided.", path);
            else if (json.ValueKind == JsonValueKind.Null)
                report($"Expected value of non-null type \"{type}\" not to be null.", path);
            else
                Validate(json, nonNull.OfType, path);
        }
        else if (json.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            ValidateNullable(json, type, path);
        }
    }

    private void ValidateNullable(JsonElement json, GraphQLType type, InputPath? path)
    {
        switch (type)
        {
            case ListType list when json.ValueKind == JsonValueKind.Array:
                var i = 0;
                foreach (var item in json.EnumerateArray())
                    Validate(item, list.OfType, new InputPath(path, i++));
                break;
            case ListType list:
                Validate(json, list.OfType, path);
                break;
            case InputObjectType input when json.ValueKind == JsonValueKind.Object:
                ValidateObject(json, input, path);
                break;
            case InputObjectType:
                report($"Expected value of type \"{type}\" to be an object, found: {JsonText.Inspect(json)}.", path);
                break;
            case EnumType @enum when json.ValueKind != JsonValueKind.String:
                report(EnumMessages.NonString(@enum, JsonText.Inspect(json), suggest), path);
                break;
            case EnumType @enum when @enum.Find(json.GetString()!) is null:
                report(EnumMessages.Unknown(@enum, json.GetString()!, suggest), path);
                break;
            case ScalarType scalar:
                if (!scalar.TryReadJson(json, out _, out var error))
                    report(error!, path);
                break;
        }
    }

    private void ValidateObject(JsonElement json, InputObjectType type, InputPath? path)
    {
        var shown = new Lazy<string>(() => JsonText.Inspect(json));
        foreach (var field in type.Fields)
        {
            if (json.TryGetProperty(field.Name, out var value))
            {
                Validate(value, field.Type, new InputPath(path, field.Name));
            }
            else if (field.IsRequired)
            {
                report(
                    $"Expected value of type \"{type}\" to include required field \"{field.Name}\", " +
                    $"found: {shown.Value}.", path);
            }
        }

        List<JsonProperty> known = [];
        foreach (var property in json.EnumerateObject())
        {
            if (type.FindField(property.Name) is not null)
            {
                known.Add(property);
                continue;
            }

            var didYouMean = suggest
                ? Suggestions.DidYouMean(Suggestions.For(property.Name, type.Fields.Select(field => field.Name)))
                : "";
            var found = didYouMean.Length > 0 ? $".{didYouMean} Found" : ", found";
            report(
                $"Expected value of type \"{type}\" not to include unknown field \"{property.Name}\"{found}: " +
                $"{shown.Value}.", path);
        }

        if (!type.IsOneOf)
            return;
        if (known.Count != 1)
            report(LiteralValidation.OneOfMessage(type), path);
        if (known.Count > 0 && known[0].Value.ValueKind == JsonValueKind.Null)
            report(LiteralValidation.OneOfMessage(type), new InputPath(path, known[0].Name));
    }
}
