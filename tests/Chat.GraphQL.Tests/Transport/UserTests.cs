using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>The user that ASP.NET Core has found out is the user of requests and sockets.</summary>
public sealed class UserTests
{
    [Theory]
    [InlineData("bob", """{"data":{"me":"bob"}}""")]
    [InlineData(null, "UNAUTHENTICATED")]
    public async Task A_request_has_the_user_of_its_http_request(string? name, string expected)
    {
        await using var server = await StartAsync();
        if (name is not null)
            server.Http.DefaultRequestHeaders.Add("user", name);
        (await server.QueryAsync("{ me }")).GetRawText().ShouldContain(expected);
    }

    [Theory]
    [InlineData("bob", """{"data":{"me":"bob"}}""")]
    [InlineData(null, "UNAUTHENTICATED")]
    public async Task A_socket_has_the_user_of_the_request_that_opened_it(string? name, string expected)
    {
        await using var server = await StartAsync();
        using var client = new System.Net.WebSockets.ClientWebSocket();
        client.Options.AddSubProtocol("graphql-transport-ws");
        if (name is not null)
            client.Options.SetRequestHeader("user", name);
        await client.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, Cancel.Test);
        using var socket = new TestSocket(client);
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "{ me }");
        (await socket.ReceiveAsync()).GetProperty("payload").GetRawText().ShouldContain(expected);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(builder =>
    {
        builder.AddType(typeof(Queries));
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication("header")
            .AddScheme<AuthenticationSchemeOptions, HeaderHandler>("header", null);
    });

    [QueryType]
    public static class Queries
    {
        [Authorize]
        public static string? Me(ClaimsPrincipal user) => user.Identity!.Name;
    }

    public sealed class HeaderHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var name = Request.Headers["user"].ToString();
            if (name.Length == 0)
                return Task.FromResult(AuthenticateResult.NoResult());
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name)));
        }
    }
}
