using System.Security.Claims;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>Several subscribers whose sources are all open.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private Crowd(List<Subscriber> members) => Members = members;

    public List<Subscriber> Members { get; }

    /// <summary>
    /// Starts subscribers. A viewer is the state "viewer", or another one as in "tenant=a"; "user=a" has signed in.
    /// </summary>
    public static async Task<Crowd> OfAsync(
        InProcess server, int count, Func<int, (string Query, object? Variables, string? Viewer)> make)
    {
        var members = new List<Subscriber>();
        for (var i = 0; i < count; i++)
        {
            var (query, variables, viewer) = make(i);
            members.Add(new Subscriber(server, query, variables, StateOf(viewer)));
        }

        var crowd = new Crowd(members);
        await crowd.OpenAsync(server);
        return crowd;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
    }

    private async Task OpenAsync(InProcess server)
    {
        var news = server.Service<Newsroom>();
        foreach (var member in Members)
            member.Begin();
        await Eventually.HoldsAsync(() => news.Readers == Members.Count, "all sources are open");
        // From now on nobody reads before a test says so.
        news.Publish(new Story(Newsroom.Uncounted));
        foreach (var member in Members)
            (await member.NextAsync()).ShouldNotBeNull();
    }

    private static Dictionary<string, object?> StateOf(string? viewer)
    {
        var state = new Dictionary<string, object?>();
        if (viewer?.Split('=') is ["user", var user])
            state[RequestState.User] = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, user)], "test"));
        else if (viewer?.Split('=') is [var name, var value])
            state[name] = value;
        else if (viewer is not null)
            state["viewer"] = viewer;
        return state;
    }
}
