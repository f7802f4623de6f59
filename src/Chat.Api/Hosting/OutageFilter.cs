namespace Chat.Api.Hosting;

/// <summary>
/// An outage is no bug: queries and subscriptions say so, and the client tries again. A subscription ends on it, before
/// the event that could not be shown, and is resumed from there.
/// </summary>
internal sealed class OutageFilter : IErrorFilter
{
    public GraphQLError OnError(GraphQLError error) => error.Exception is { } exception && Unavailable.Is(exception)
        ? error with { Message = Unavailable.Message, Code = Unavailable.Code, EndsSubscription = true }
        : error;
}
