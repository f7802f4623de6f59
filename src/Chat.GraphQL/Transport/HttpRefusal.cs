using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>Why a request is not executed: the status of its response, and the errors in it.</summary>
internal sealed record HttpRefusal(int Status, IReadOnlyList<GraphQLError> Errors)
{
    public HttpRefusal(int status, string message, string code = ErrorCodes.BadRequest)
        : this(status, [new GraphQLError(message) { Code = code }])
    {
    }

    /// <summary>Mutations are not sent with GET (GraphQL over HTTP, "GET"); null lets the operation run.</summary>
    public static HttpRefusal? OfMutation(PreparedOperation operation, HttpContext http)
    {
        if (operation.Kind != OperationKind.Mutation || !HttpMethods.IsGet(http.Request.Method))
            return null;
        http.Response.Headers.Allow = "POST";
        return new HttpRefusal(StatusCodes.Status405MethodNotAllowed, "Mutations need POST.");
    }
}
