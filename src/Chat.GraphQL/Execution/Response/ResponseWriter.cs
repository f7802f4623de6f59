namespace Chat.GraphQL;

/// <summary>Writes responses (specification 7.1): data first, errors after.</summary>
internal static class ResponseWriter
{
    /// <summary>A request error: the response has no data (specification 7.1.2).</summary>
    public static void WriteErrors(JsonBuffer json, IReadOnlyList<GraphQLError> errors)
    {
        json.Raw("{\"errors\":"u8);
        WriteErrorList(json, errors);
        json.Byte((byte)'}');
    }

    public static void WriteErrorList(JsonBuffer json, IReadOnlyList<GraphQLError> errors)
    {
        json.Byte((byte)'[');
        for (var i = 0; i < errors.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            WriteError(json, errors[i]);
        }

        json.Byte((byte)']');
    }

    private static void WriteError(JsonBuffer json, GraphQLError error)
    {
        json.Raw("{\"message\":"u8);
        json.String(error.Message);
        if (error.Locations is { Count: > 0 } locations)
            WriteLocations(json, locations);
        if (error.Path is { } path)
            WritePath(json, path);
        if (error.Code is not null || error.Extensions is { Count: > 0 })
            WriteExtensions(json, error);
        json.Byte((byte)'}');
    }

    private static void WriteLocations(JsonBuffer json, IReadOnlyList<SourceLocation> locations)
    {
        json.Raw(",\"locations\":["u8);
        for (var i = 0; i < locations.Count; i++)
        {
            json.Raw(i == 0 ? "{\"line\":"u8 : ",{\"line\":"u8);
            json.Number(locations[i].Line);
            json.Raw(",\"column\":"u8);
            json.Number(locations[i].Column);
            json.Byte((byte)'}');
        }

        json.Byte((byte)']');
    }

    private static void WritePath(JsonBuffer json, IReadOnlyList<object> path)
    {
        json.Raw(",\"path\":["u8);
        for (var i = 0; i < path.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            if (path[i] is int index)
                json.Number(index);
            else
                json.String((string)path[i]);
        }

        json.Byte((byte)']');
    }

    private static void WriteExtensions(JsonBuffer json, GraphQLError error)
    {
        json.Raw(",\"extensions\":{"u8);
        var isFirst = true;
        if (error.Code is not null)
            WriteEntry(json, "code", error.Code, ref isFirst);
        foreach (var (key, value) in error.Extensions ?? EmptyExtensions)
        {
            // The code has one source: the property.
            if (key != "code" || error.Code is null)
                WriteEntry(json, key, value, ref isFirst);
        }

        json.Byte((byte)'}');
    }

    private static readonly Dictionary<string, object?> EmptyExtensions = [];

    private static void WriteEntry(JsonBuffer json, string key, object? value, ref bool isFirst)
    {
        if (!isFirst)
            json.Byte((byte)',');
        isFirst = false;
        json.String(key);
        json.Byte((byte)':');
        switch (value)
        {
            case null:
                json.Null();
                break;
            case bool boolean:
                json.Boolean(boolean);
                break;
            case int number:
                json.Number(number);
                break;
            case long number:
                json.Number(number);
                break;
            case double number when double.IsFinite(number):
                json.Number(number);
                break;
            default:
                json.String(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
