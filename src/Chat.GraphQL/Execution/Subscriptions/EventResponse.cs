namespace Chat.GraphQL;

/// <summary>The response to an event of a subscription (specification 6.2.3.2).</summary>
/// <param name="Json">The response as UTF-8.</param>
/// <param name="Ending">The error that ends the subscription instead: the response is then not to be sent.</param>
internal readonly record struct EventResponse(ReadOnlyMemory<byte> Json, GraphQLError? Ending);
