namespace Chat.GraphQL;

/// <summary>
/// Sees every error of execution before it is masked and sent, also of what is not executed because it asks for too
/// much (<see cref="ErrorCodes.PageTooLarge"/>, <see cref="ErrorCodes.OperationTooCostly"/>), and may replace it: an
/// error returned with a <see cref="GraphQLError.Code"/> is sent as it is, and one with
/// <see cref="GraphQLError.EndsSubscription"/> ends the subscription whose event it belongs to. Registered with
/// <see cref="GraphQLBuilder.AddErrorFilter{T}"/>.
/// </summary>
public interface IErrorFilter
{
    /// <summary>Returns the error to send: the same one, or a changed copy.</summary>
    GraphQLError OnError(GraphQLError error);
}
