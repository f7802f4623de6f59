namespace Chat.Api.Hosting;

/// <summary>An outage is no bug: queries and subscriptions say so, and the client tries again.</summary>
internal sealed class OutageFilter : IErrorFilter
{
    public GraphQLError OnError(GraphQLError error) => error.Exception is { } exception && Unavailable.Is(exception)
        ? error with { Message = Unavailable.Message, Code = Unavailable.Code }
        : error;
}
