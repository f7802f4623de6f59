using Microsoft.AspNetCore.Http;

namespace Chat.GraphQL;

/// <summary>Asks the interceptors whether a request is let in; they fill its state.</summary>
internal sealed class HttpAdmission(IEnumerable<GraphQLInterceptor> interceptors, GraphQLExecutor executor)
{
    private readonly GraphQLInterceptor[] interceptors = [.. interceptors];

    /// <summary>Null lets a request in that is answered at once.</summary>
    public async Task<HttpRefusal?> AdmitAsync(HttpContext http, IDictionary<string, object?> state)
    {
        try
        {
            foreach (var interceptor in interceptors)
                await interceptor.OnRequestAsync(http, state, http.RequestAborted);
            return null;
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            return RefusalOf(exception);
        }
    }

    /// <summary>Null lets an operation in whose results go to an event stream.</summary>
    public async Task<HttpRefusal?> AdmitAsync(HttpContext http, EventStreamOperation operation)
    {
        try
        {
            foreach (var interceptor in interceptors)
            {
                var result = await interceptor.OnEventStreamAsync(http, operation.State, operation.Ended);
                if (!result.Accepted)
                    return new HttpRefusal(StatusCodes.Status403Forbidden, "Forbidden", "FORBIDDEN");
                operation.EndWith(result.Ended);
            }

            return null;
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            return RefusalOf(exception);
        }
    }

    /// <summary>The refusal that an exception of an interceptor is; what was not thrown to be seen is masked.</summary>
    public HttpRefusal RefusalOf(Exception exception)
    {
        var error = executor.ToError(exception);
        return new HttpRefusal(StatusOf(error.Code!), [error]);
    }

    private static int StatusOf(string code) => code switch
    {
        "UNAUTHENTICATED" => StatusCodes.Status401Unauthorized,
        "FORBIDDEN" => StatusCodes.Status403Forbidden,
        "RATE_LIMITED" => StatusCodes.Status429TooManyRequests,
        ErrorCodes.Internal => StatusCodes.Status500InternalServerError,
        "UNAVAILABLE" => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
