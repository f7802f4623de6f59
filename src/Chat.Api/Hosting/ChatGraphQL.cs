namespace Chat.Api.Hosting;

internal static class ChatGraphQL
{
    private const string Welcome =
        """
        # The chat server's GraphQL API.
        # Ctrl+Enter runs a query; the book opens the docs.
        # You act as who is signed in to the web client
        # in this browser.

        {
          server {
            name
            version
          }
        }

        """;

    public static GraphQLBuilder AddChatGraphQL(this IServiceCollection services, ChatOptions options) => services
        // A command answers "unavailable" by itself before the request as a whole runs out of time.
        .AddGraphQLServer(graphQL =>
        {
            graphQL.RequestTimeout = 2 * options.CommandDeadline;
            // Of all who watch their rooms on one socket nobody comes for the events of all rooms.
            graphQL.SharedEventLifetime = TimeSpan.FromSeconds(1);
            graphQL.MaxPageSize = PageArguments.SizeMax;
            graphQL.IdeTitle = "GraphQL · Chat";
            graphQL.IdeDocument = Welcome;
            // It makes the cookie session work, and keeps other sites from forging requests.
            graphQL.IdeHeaders[ChatInterceptor.BrowserHeader] = "1";
        })
        .AddTypes(typeof(ChatGraphQL).Assembly)
        .AddInterceptor<ChatInterceptor>()
        .AddErrorFilter<OutageFilter>()
        .AddErrorFilter<PageSizeFilter>();
}
