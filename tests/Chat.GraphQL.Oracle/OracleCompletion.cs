using System.Globalization;

namespace Chat.GraphQL.Oracle;

/// <summary>Completions of values whose C# type is not known.</summary>
internal static class OracleCompletion
{
    public static Completion<object> For(GraphQLType type)
    {
        var isNonNull = type is NonNullType;
        return type.Nullable switch
        {
            ListType list => new ListCompletion<object, object>(isNonNull, For(list.OfType)),
            CompositeType composite => new ObjectCompletion<object>(isNonNull, composite),
            _ => new LeafCompletion<object>(isNonNull, Write),
        };
    }

    private static void Write(JsonBuffer json, object value)
    {
        switch (value)
        {
            case int number:
                json.Number(number);
                break;
            case double number:
                json.Number(number);
                break;
            case bool boolean:
                json.Boolean(boolean);
                break;
            default:
                json.String(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
