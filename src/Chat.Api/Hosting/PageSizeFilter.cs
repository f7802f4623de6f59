namespace Chat.Api.Hosting;

/// <summary>
/// A page that is too large is bad input like one that is too small, which <see cref="PageArguments"/> refuses: clients
/// see one code, with the argument as its field.
/// </summary>
internal sealed class PageSizeFilter : IErrorFilter
{
    public GraphQLError OnError(GraphQLError error) =>
        error.Code == ErrorCodes.PageTooLarge ? error with { Code = ErrorCodes.InvalidInput } : error;
}
