using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Specification 6.1.2, CoerceVariableValues.</summary>
internal static class VariableCoercion
{
    /// <summary>Errors reported for the variables of one request; coercion ends there.</summary>
    public const int MaxErrors = 50;

    /// <summary>Coerces the variables of a request to the types that the operation gives them.</summary>
    /// <param name="schema">The schema that the variables' types belong to.</param>
    /// <param name="document">The document's text, for locations.</param>
    /// <param name="definitions">The variables of the operation; the document is valid.</param>
    /// <param name="json">An object, or nothing.</param>
    /// <param name="options">What errors may say of the schema, and how much.</param>
    /// <param name="errors">What is wrong; null when nothing is.</param>
    public static VariableValues Coerce(
        Schema schema, string document, VariableDefinitionNode[] definitions, JsonElement json, GraphQLOptions options,
        out List<GraphQLError>? errors)
    {
        errors = null;
        if (definitions.Length == 0)
            return VariableValues.None;

        var values = new VariableValues();
        var found = new List<GraphQLError>();
        var given = new GivenVariables(definitions, json);
        try
        {
            foreach (var definition in definitions)
                Coerce(schema.TypeOf(definition.Type)!, document, definition, given, options, values, found);
        }
        catch (TooManyErrorsException)
        {
            found.Add(new GraphQLError("Too many errors processing variables, error limit reached. Execution aborted.")
            {
                Code = ErrorCodes.TooManyErrors,
            });
        }

        errors = found.Count > 0 ? found : null;
        return values;
    }

    private static void Coerce(
        GraphQLType type, string document, VariableDefinitionNode definition, GivenVariables given,
        GraphQLOptions options, VariableValues values, List<GraphQLError> errors)
    {
        var name = definition.Variable.Name.Value;
        var isGiven = given.TryGet(name, out var value);
        if (!isGiven && definition.DefaultValue is { } literal)
        {
            // Validation has made sure that the default is of the variable's type.
            LiteralCoercion.TryCoerce(literal, type, VariableValues.None, out var coercedDefault);
            values.Set(name, coercedDefault);
            return;
        }

        if (!isGiven && type is not NonNullType)
            return;
        if (JsonCoercion.TryCoerce(value, type, out var coerced))
        {
            values.Set(name, coerced);
            return;
        }

        new JsonValidation(options.FieldSuggestions, (message, path) =>
        {
            if (errors.Count == MaxErrors)
                throw new TooManyErrorsException();
            var text = $"Variable \"${name}\" has invalid value{InputPath.Describe(path)}: {message}";
            errors.Add(new GraphQLError(GraphQLError.Shorten(text, options.MaxMessageChars))
            {
                Locations = [SourceLocation.Of(document, definition.Start)],
                Code = ErrorCodes.InvalidInput,
            });
        }).Validate(value, type);
    }

    private sealed class TooManyErrorsException : Exception;
}
