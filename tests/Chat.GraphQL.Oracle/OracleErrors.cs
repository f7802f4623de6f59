namespace Chat.GraphQL.Oracle;

/// <summary>Sends the messages of all exceptions, in the words of the reference implementation.</summary>
internal sealed class OracleErrors : IErrorFilter
{
    public GraphQLError OnError(GraphQLError error) => error with
    {
        Code = error.Code ?? "ORACLE",
        Message = error.Exception is UnresolvedTypeException unresolved ? Words(unresolved) : error.Message,
    };

    private static string Words(UnresolvedTypeException unresolved) =>
        $"Abstract type \"{unresolved.Type}\" must resolve to an Object type at runtime for field " +
        $"\"{unresolved.Field}\". Either the \"{unresolved.Type}\" type should provide a \"resolveType\" function " +
        "or each possible type should provide an \"isTypeOf\" function.";
}
