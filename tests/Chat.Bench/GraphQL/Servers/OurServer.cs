using Chat.GraphQL;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Bench.GraphQL.Servers;

/// <summary>The server that is measured.</summary>
internal static class OurServer
{
    public static RunningServer Build(WebApplicationBuilder builder)
    {
        builder.Services.AddGraphQLServer(options => options.Ide = false)
            .AddType(typeof(Queries))
            .AddType(typeof(MessageFields))
            .AddType(typeof(Subscriptions))
            .AddDataLoader<UserLoader>()
            .AddInMemorySubscriptions();
        var app = builder.Build();
        app.MapGraphQL();
        var topics = app.Services.GetRequiredService<ITopicEventSender>();
        return new(app, message => topics.SendAsync(Subscriptions.Topic, message));
    }
}
