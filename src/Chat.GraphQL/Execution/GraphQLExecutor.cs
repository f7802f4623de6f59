using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>Prepares and runs operations (specification 6). It knows nothing of transports.</summary>
internal sealed class GraphQLExecutor(
    Schema schema, GraphQLOptions options, IEnumerable<IErrorFilter> errorFilters, IServiceProvider services,
    ILogger<GraphQLExecutor> logger, TimeProvider time)
{
    private readonly IErrorFilter[] filters = [.. errorFilters];
    private readonly CostModel costs = new(schema, options);

    public Schema Schema { get; } = schema;

    public GraphQLOptions Options { get; } = options;

    internal DocumentCache Documents { get; } = new(options.MaxCachedDocuments, options.MaxCachedDocumentBytes);

    /// <summary>Parses, validates and plans; null with the request's errors when it cannot run.</summary>
    public PreparedOperation? Prepare(GraphQLRequest request, out IReadOnlyList<GraphQLError> errors)
    {
        if (PrepareDocument(request.Query, out errors) is not { } document)
            return null;
        if (document.Find(request.OperationName, out var unknown) is not { } operation)
        {
            errors = [unknown!];
            return null;
        }

        try
        {
            var variables = VariableCoercion.Coerce(
                Schema, document.Source, operation.Variables, request.Variables, Options.FieldSuggestions,
                out var invalid);
            if (invalid is not null)
            {
                errors = invalid;
                return null;
            }

            if (document.CostOf(operation).Check(variables) is { } refusal)
            {
                errors = [filters.Aggregate(refusal, (error, filter) => filter.OnError(error))];
                return null;
            }

            return new PreparedOperation(document.PlansOf(operation).For(variables), variables);
        }
        catch (GraphQLException exception)
        {
            errors = [new GraphQLError(exception.Message) { Code = exception.Code }];
            return null;
        }
    }

    /// <summary>Runs a query or mutation and writes its response.</summary>
    public async Task<ExecutionOutcome> ExecuteAsync(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state, JsonBuffer json,
        CancellationToken ct) =>
        (await ExecuteAsync(operation, null, state, json, ct)).Outcome;

    /// <summary>
    /// Writes the response to one event of a subscription (specification 6.2.3.2). Returns the error that ends the
    /// subscription in its stead, when there is one: the response is then not to be sent.
    /// </summary>
    public async Task<GraphQLError?> ExecuteEventAsync(
        PreparedOperation operation, object? sourceEvent, IReadOnlyDictionary<string, object?> state, JsonBuffer json,
        CancellationToken ct) =>
        (await ExecuteAsync(operation, sourceEvent, state, json, ct)).Errors
            .FirstOrDefault(static error => error.EndsSubscription);

    /// <summary>Opens a subscription's source stream, with a scope of services that lives as long as it does.</summary>
    public SubscriptionSource Subscribe(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state, CancellationToken ct)
    {
        var scope = services.CreateAsyncScope();
        return new SubscriptionSource(operation, CreateContext(scope.ServiceProvider, state, ct), scope);
    }

    private ExecutableDocument? PrepareDocument(string text, out IReadOnlyList<GraphQLError> errors)
    {
        errors = [];
        if (Documents.Find(text) is { } known)
            return known;
        DocumentNode parsed;
        try
        {
            parsed = Parser.Parse(text, Options.MaxTokens, Options.MaxNesting);
        }
        catch (GraphQLSyntaxException exception)
        {
            errors = [exception.Error];
            return null;
        }

        errors = DocumentValidator.Validate(Schema, parsed, Options);
        if (errors.Count > 0)
            return null;
        var document = new ExecutableDocument(Schema, parsed, costs);
        Documents.Add(document);
        return document;
    }

    private async Task<(ExecutionOutcome Outcome, IReadOnlyList<GraphQLError> Errors)> ExecuteAsync(
        PreparedOperation operation, object? root, IReadOnlyDictionary<string, object?> state, JsonBuffer json,
        CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(Options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        var context = CreateContext(services, state, either.Token);
        var run = new OperationRun(context, operation.Plan, operation.Variables);
        var position = json.Position;
        try
        {
            await run.ExecuteAsync(root, json);
            return (ExecutionOutcome.Completed, run.Errors);
        }
        catch (Exception exception)
        {
            ct.ThrowIfCancellationRequested();
            json.Truncate(position);
            var isTimeout = exception is OperationCanceledException && timeout.IsCancellationRequested;
            GraphQLError[] errors = [isTimeout ? TimeoutError() : context.ToError(exception, null, null)];
            ResponseWriter.WriteErrors(json, errors);
            return (isTimeout ? ExecutionOutcome.TimedOut : ExecutionOutcome.Failed, errors);
        }
    }

    private OperationContext CreateContext(
        IServiceProvider provider, IReadOnlyDictionary<string, object?> state, CancellationToken ct) =>
        new(Schema, Options, filters, logger, provider, state, ct);

    private GraphQLError TimeoutError() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The operation took longer than {Options.RequestTimeout.TotalSeconds:0.###} seconds."))
    {
        Code = ErrorCodes.RequestTimeout,
        EndsSubscription = true,
    };
}
