using System.Globalization;

namespace Chat.GraphQL;

/// <summary>Where inside an input value an error is: a chain of field names and list indices.</summary>
internal sealed class InputPath(InputPath? previous, object key)
{
    /// <summary>The path as messages show it: " at .filter.tags[0]", or nothing for the value itself.</summary>
    public static string Describe(InputPath? path) => path is null ? "" : " at " + path;

    public override string ToString()
    {
        var text = key is int index ? $"[{index.ToString(CultureInfo.InvariantCulture)}]" : $".{key}";
        return previous is null ? text : previous + text;
    }
}
