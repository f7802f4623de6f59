using Chat.GraphQL.Oracle;

var malformed = 0;
Exception? failure = null;
var thread = new Thread(Answer, OracleLines.StackBytes);
thread.Start();
thread.Join();
if (failure is not null)
    Console.Error.WriteLine(failure);
else if (malformed > 0)
    Console.Error.WriteLine($"{malformed} of the lines are no cases; the answer to each is an oracleError.");
return failure is null && malformed == 0 ? 0 : 1;

void Answer()
{
    try
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = Console.OpenStandardOutput();
        malformed = OracleLines.Answer(input, output);
    }
    catch (IOException exception)
    {
        failure = exception;
    }
}
