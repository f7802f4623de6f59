using System.Reflection;
using Chat.Api.Hosting;
using Chat.Projections;

namespace Chat.Api.Server;

[GraphQLName("Server")]
public sealed record ServerView(string Name, string Version, string Node);

[ObjectType<ServerView>]
internal static class ServerType
{
    [GraphQLDescription("The position in the whole log that this answer reflects.")]
    public static Task<long> LogPositionAsync(LogPosition position, CancellationToken ct) => position.ReadAsync(ct);
}

[QueryType]
internal static class ServerQuery
{
    private static readonly string Version =
        typeof(ServerQuery).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public static ServerView Server(ChatOptions options) => new(options.ServerName, Version, options.NodeName);
}
