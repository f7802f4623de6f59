namespace Chat.Api.Hosting;

internal static class ChatGraphQL
{
    public static GraphQLBuilder AddChatGraphQL(this IServiceCollection services, ChatOptions options) => services
        // A command answers "unavailable" by itself before the request as a whole runs out of time.
        .AddGraphQLServer(graphQL =>
        {
            graphQL.RequestTimeout = 2 * options.CommandDeadline;
            graphQL.MaxPageSize = PageArguments.SizeMax;
        })
        .AddTypes(typeof(ChatGraphQL).Assembly)
        .AddInterceptor<ChatInterceptor>()
        .AddErrorFilter<OutageFilter>()
        .AddErrorFilter<PageSizeFilter>();
}
