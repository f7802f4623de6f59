using Chat.GraphQL.Oracle;

var failed = 0;
Exception? failure = null;
var thread = new Thread(Answer, OracleLines.StackBytes);
thread.Start();
thread.Join();
if (failure is not null)
    Console.Error.WriteLine(failure);
else if (failed > 0)
    Console.Error.WriteLine($"{failed} of the lines have no answer but an oracleError, which says why.");
return failure is null && failed == 0 ? 0 : 1;

void Answer()
{
    try
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = Console.OpenStandardOutput();
        failed = OracleLines.Answer(input, output);
    }
    catch (IOException exception)
    {
        failure = exception;
    }
}
