using System.Text.Json;

namespace Chat.GraphQL.Oracle;

/// <summary>Answers cases, one JSON object a line: a line each, in the same order.</summary>
internal static class OracleLines
{
    /// <summary>The stack to answer on: documents are walked recursively.</summary>
    public const int StackBytes = 256 * 1024 * 1024;

    /// <summary>Answers all lines.</summary>
    /// <returns>How many lines were no cases, or made us fail; the answer to these says why.</returns>
    public static int Answer(TextReader input, Stream output)
    {
        var oracle = new OracleAnswers();
        var failed = 0;
        using var buffered = new BufferedStream(output);
        while (input.ReadLine() is { } line)
        {
            using (var json = new Utf8JsonWriter(buffered, OracleJson.WriterOptions))
            {
                try
                {
                    using var parsed = JsonDocument.Parse(line, OracleJson.ReaderOptions);
                    oracle.Answer(parsed.RootElement, json);
                }
                catch (Exception exception) when (exception is not IOException)
                {
                    // The lines after it are answered all the same.
                    failed++;
                    json.Reset();
                    OracleAnswers.WriteError(json, id: null, exception.Message);
                }
            }

            buffered.WriteByte((byte)'\n');
        }

        return failed;
    }
}
