using Chat.GraphQL;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Bench.GraphQL.Servers;

/// <summary>The server that is measured.</summary>
internal static class OurServer
{
    public static RunningServer Build(WebApplicationBuilder builder)
    {
        var log = new SentMessageLog();
        builder.Services.AddSingleton(log);
        builder.Services.AddGraphQLServer(options => options.Ide = false)
            .AddType(typeof(Queries))
            .AddType(typeof(MessageFields))
            .AddType(typeof(Subscriptions))
            .AddDataLoader<UserLoader>();
        var app = builder.Build();
        app.MapGraphQL();
        return new(app, message =>
        {
            log.Publish(message);
            return ValueTask.CompletedTask;
        });
    }
}
