using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>What an execution is given from outside, and how its exceptions become errors.</summary>
internal sealed class OperationContext(
    Schema schema, GraphQLOptions options, IReadOnlyList<IErrorFilter> filters, ILogger logger,
    IServiceProvider services, IReadOnlyDictionary<string, object?> state, CancellationToken cancellation)
{
    private Exception? masked;
    private string traceId = "";

    public Schema Schema { get; } = schema;

    public GraphQLOptions Options { get; } = options;

    /// <summary>
    /// What an execution makes its scopes of services from. A source stream has one scope for itself: this is it.
    /// </summary>
    public IServiceProvider Services { get; } = services;

    public IReadOnlyDictionary<string, object?> State { get; } = state;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>
    /// Makes the error of an exception (specification 6.4.4). What was not thrown to be seen is masked, and logged
    /// once.
    /// </summary>
    public GraphQLError ToError(
        Exception exception, IReadOnlyList<SourceLocation>? locations, IReadOnlyList<object>? path)
    {
        var expected = exception as GraphQLException;
        var error = new GraphQLError(exception.Message)
        {
            Code = expected?.Code ??
                (exception is SubscriptionOverflowException ? ErrorCodes.SubscriptionOverflow : null),
            Extensions = expected?.Extensions,
            Locations = locations,
            Path = path,
            Exception = exception,
        };
        foreach (var filter in filters)
        {
            try
            {
                error = filter.OnError(error);
            }
            catch (Exception broken)
            {
                // What the filter would have hidden is not to be seen.
                logger.LogError(broken, "The GraphQL error filter {Filter} failed.", filter.GetType().Name);
                return Mask(error);
            }
        }

        return error.Code is null ? Mask(error) : error;
    }

    /// <summary>Logs that services failed to end. The work they were there for is done, and stays.</summary>
    public void LogDisposal(Exception exception) =>
        logger.LogError(exception, "The services of a GraphQL operation could not be disposed.");

    private void Log(GraphQLError error)
    {
        if (!logger.IsEnabled(LogLevel.Error))
            return;
        var path = error.Path is null ? "" : string.Join('.', error.Path);
        logger.LogError(error.Exception, "GraphQL field {Path} failed; trace {TraceId}.", path, traceId);
    }

    private GraphQLError Mask(GraphQLError error)
    {
        // What fails for all rows of a batch is one failure.
        if (error.Exception is null || error.Exception != masked)
        {
            masked = error.Exception;
            traceId = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
            Log(error);
        }

        return error with
        {
            // A missing value is a bug too, but its message tells nothing that the schema does not.
            Message = error.Exception is NullInNonNullFieldException ? error.Message : "Internal error",
            Code = ErrorCodes.Internal,
            Extensions = new Dictionary<string, object?> { ["traceId"] = traceId },
        };
    }
}
