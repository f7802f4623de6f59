using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>Prepares and runs operations (specification 6). It knows nothing of transports.</summary>
internal sealed class GraphQLExecutor(
    Schema schema, GraphQLOptions options, IEnumerable<IErrorFilter> errorFilters, IServiceProvider services,
    ILogger<GraphQLExecutor> logger, TimeProvider time, PersistedOperations? stored = null)
{
    private static readonly Dictionary<string, object?> NoState = [];

    private readonly IErrorFilter[] filters = [.. errorFilters];
    private readonly PersistedOperations persisted = stored ?? new PersistedOperations(options);
    private readonly CostModel costs = new(schema, options);

    public Schema Schema { get; } = schema;

    public GraphQLOptions Options { get; } = options;

    /// <summary>The groups of subscribers that share the work on events.</summary>
    public SubscriptionGroups Groups { get; } = new(options, time);

    internal DocumentCache Documents { get; } = new(options.MaxCachedDocuments, options.MaxCachedDocumentBytes);

    /// <summary>Parses, validates and plans; null with the request's errors when it cannot run.</summary>
    public PreparedOperation? Prepare(GraphQLRequest request, out IReadOnlyList<GraphQLError> errors)
    {
        try
        {
            return PrepareDocument(request.Query, out errors) is { } document
                ? PrepareOperation(document, request, out errors)
                : null;
        }
        catch (Exception exception)
        {
            // Scalars and input objects of the application make values of what the client has sent.
            errors = [ToError(exception)];
            return null;
        }
    }

    /// <summary>Prepares a request that may name a stored document.</summary>
    public async ValueTask<(PreparedOperation? Operation, IReadOnlyList<GraphQLError> Errors)> PrepareAsync(
        GraphQLRequest request, CancellationToken ct)
    {
        GraphQLRequest? resolved;
        GraphQLError? unresolved;
        try
        {
            (resolved, unresolved) = await persisted.ResolveAsync(request, ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            return (null, [ToError(exception)]);
        }

        if (resolved is null)
            return (null, [unresolved!]);
        var operation = Prepare(resolved, out var errors);
        if (operation is not null)
            persisted.Register(resolved);
        return (operation, errors);
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
        (await ExecuteAsync(operation, sourceEvent, state, json, ct)).Ending;

    /// <summary>
    /// Executes several events for one subscriber in one run, which then writes the response to each: row i is event i.
    /// Null when that fails as a whole, or takes too long: each is to be executed alone then.
    /// </summary>
    public async Task<OperationRun?> ExecuteEventsAsync(
        PreparedOperation operation, object?[] sourceEvents, IReadOnlyDictionary<string, object?> state,
        CancellationToken ct)
    {
        var (run, _, failure) = await RunAsync(operation, sourceEvents, state, null, static _ => { }, ct);
        return failure is null ? run : null;
    }

    /// <summary>
    /// Executes one event for several subscribers at once: the responses have the order of their states. When time runs
    /// out, each is executed alone, so that one for whom a field hangs takes nothing from the others.
    /// </summary>
    public async Task<EventResponse[]> ExecuteEventAsync(
        PreparedOperation operation, object? sourceEvent, IReadOnlyList<IReadOnlyDictionary<string, object?>> states,
        CancellationToken ct)
    {
        using var json = new JsonBuffer();
        var roots = new object?[states.Count];
        Array.Fill(roots, sourceEvent);
        var ends = new int[roots.Length];
        var (run, outcome, failure) = await RunAsync(
            operation, roots, NoState, new ViewerRows(states), made =>
            {
                for (var row = 0; row < ends.Length; row++)
                {
                    made.TryWrite(row, json);
                    ends[row] = json.Position;
                }
            }, ct);
        if (outcome == ExecutionOutcome.TimedOut && states.Count > 1)
        {
            var alone = states.Select(state => ExecuteEventAsync(operation, sourceEvent, [state], ct));
            return [.. (await Task.WhenAll(alone)).Select(made => made[0])];
        }

        if (failure is not null)
        {
            json.Truncate(0);
            ResponseWriter.WriteErrors(json, [failure]);
        }

        ReadOnlyMemory<byte> written = json.Written.ToArray();
        var responses = new EventResponse[states.Count];
        for (var i = 0; i < responses.Length; i++)
        {
            responses[i] = failure is null
                ? new EventResponse(written[(i == 0 ? 0 : ends[i - 1])..ends[i]], run.ErrorsOf(i)?.Ending)
                : new EventResponse(written, failure.EndsSubscription ? failure : null);
        }

        return responses;
    }

    /// <summary>Opens a subscription's source stream, with a scope of services that lives as long as it does.</summary>
    public SubscriptionSource Subscribe(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state, CancellationToken ct)
    {
        var scope = services.CreateAsyncScope();
        return new SubscriptionSource(this, operation, CreateContext(scope.ServiceProvider, state, ct), scope);
    }

    /// <summary>The error of an exception that no field has thrown.</summary>
    public GraphQLError ToError(Exception exception) =>
        CreateContext(services, NoState, CancellationToken.None).ToError(exception, null, null);

    /// <summary>Cancels something that runs operations; the caller does not wait for callbacks on its token.</summary>
    public void Cancel(CancellationTokenSource source) => _ = source.CancelElsewhereAsync(logger);

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
            var message = GraphQLError.Shorten(exception.Error.Message, Options.MaxMessageChars);
            errors = [exception.Error with { Message = message }];
            return null;
        }

        errors = DocumentValidator.Validate(Schema, parsed, Options);
        if (errors.Count > 0)
            return null;
        var document = new ExecutableDocument(Schema, parsed, costs);
        Documents.Add(document);
        return document;
    }

    private PreparedOperation? PrepareOperation(
        ExecutableDocument document, GraphQLRequest request, out IReadOnlyList<GraphQLError> errors)
    {
        errors = [];
        if (document.Find(request.OperationName, out var unknown) is not { } operation)
        {
            errors = [unknown!];
            return null;
        }

        var variables = VariableCoercion.Coerce(
            Schema, document.Source, operation.Variables, request.Variables, Options, out var invalid);
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

        OperationPlan plan;
        try
        {
            plan = document.PlansOf(operation).For(variables);
        }
        catch (GraphQLException exception) when (exception.Node is { } node)
        {
            var context = CreateContext(services, NoState, CancellationToken.None);
            errors = [context.ToError(exception, [document.LocationOf(node)], null)];
            return null;
        }

        return operation.Kind != OperationKind.Subscription
            ? new PreparedOperation(plan, variables)
            : new PreparedOperation(plan, variables)
            {
                EventKey = plan.EventDependencies.KeyOf(request.Variables),
                PageRows = document.CostOf(operation).TimesAffordable(variables, SubscriptionSource.MaxRows),
            };
    }

    private async Task<(ExecutionOutcome Outcome, GraphQLError? Ending)> ExecuteAsync(
        PreparedOperation operation, object? root, IReadOnlyDictionary<string, object?> state, JsonBuffer json,
        CancellationToken ct)
    {
        var position = json.Position;
        var isComplete = false;
        var (run, outcome, failure) = await RunAsync(
            operation, [root], state, null, made => isComplete = made.TryWrite(0, json), ct);
        if (failure is null)
            return (isComplete ? outcome : ExecutionOutcome.Failed, run.ErrorsOf(0)?.Ending);
        json.Truncate(position);
        ResponseWriter.WriteErrors(json, [failure]);
        return (outcome, failure.EndsSubscription ? failure : null);
    }

    /// <summary>
    /// Executes an operation on each of the roots, and lets its responses be written. The error is that of the run as a
    /// whole: of all its responses.
    /// </summary>
    private async Task<(OperationRun Run, ExecutionOutcome Outcome, GraphQLError? Failure)> RunAsync(
        PreparedOperation operation, object?[] roots, IReadOnlyDictionary<string, object?> state, ViewerRows? viewers,
        Action<OperationRun> write, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(Options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // Not linked: what a callback throws on the thread of a timer ends the process.
        await using var onTimeout = timeout.Token.Register(() => either.CancelHere(logger));
        var context = CreateContext(services, state, either.Token);
        var run = new OperationRun(context, operation.Plan, operation.Variables) { Viewers = viewers };
        try
        {
            await run.ExecuteAsync(roots);
            write(run);
            return (
                run,
                run.HasErrors ? ExecutionOutcome.CompletedWithErrors : ExecutionOutcome.Completed,
                null);
        }
        catch (Exception exception)
        {
            ct.ThrowIfCancellationRequested();
            var isTimeout = exception is OperationCanceledException && timeout.IsCancellationRequested;
            return (
                run,
                isTimeout ? ExecutionOutcome.TimedOut : ExecutionOutcome.Failed,
                isTimeout ? TimeoutError() : context.ToError(exception, null, null));
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
